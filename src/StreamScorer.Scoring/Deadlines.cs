using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Scoring;

/// <summary>
/// Finds the next instant at which silence changes what a customer holds in a scheme with absolute bounds. Instants are whole seconds.
/// The stored deadline may be a lower bound: waking early costs one look, waking late would publish a wrong instant.
/// </summary>
public static class Deadlines
{
    /// <summary>How far ahead a deadline is solved exactly; beyond it the customer is only woken. One look a month per silent customer.</summary>
    public const long WindowMs = 30 * BusinessCalendar.DayMs;

    private const long NeverAfterMs = 100 * 366 * BusinessCalendar.DayMs;

    /// <summary>Sets <see cref="CustomerState.DeadlineMs"/> to an instant after <paramref name="afterMs"/>, or to never.</summary>
    /// <param name="afterWake">True when the customer was just woken: only then it is worth asking whether anything can change at all.</param>
    public static void Arm(ref CustomerState state, ref ColdState cold, ScoringRules rules, long afterMs, bool afterWake = false) =>
        state.DeadlineMs = Find(in state, in cold, rules, afterMs, afterWake);

    /// <summary>
    /// First whole second after <paramref name="afterMs"/>, within <see cref="WindowMs"/>, at which something changes; else the end of the window as a lower
    /// bound; <see cref="long.MaxValue"/> when nothing can change any more.
    /// </summary>
    public static long Find(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long afterMs, bool checkNever)
    {
        long firstS = Math.DivRem(afterMs, 1000, out long rest) - (rest < 0 ? 1 : 0) + 1;
        long lastS = firstS + WindowMs / 1000;
        if (rules.MonotoneInSilence)
        {
            if (Changes(in state, in cold, rules, lastS))
                return FirstChange(in state, in cold, rules, firstS, lastS);
        }
        else
        {
            // A regular buyer's risk dips before it rises, so the window is walked by days and each step is bracketed.
            for (long fromS = firstS; fromS < lastS; fromS += 86_400)
            {
                if (Changes(in state, in cold, rules, fromS + 86_400))
                    return FirstChange(in state, in cold, rules, fromS, fromS + 86_400);
            }
        }
        bool never = checkNever && rules.MonotoneInSilence && !Changes(in state, in cold, rules, firstS + NeverAfterMs / 1000);
        return never ? long.MaxValue : lastS * 1000;
    }

    private static long FirstChange(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long lowS, long highS)
    {
        while (lowS < highS)
        {
            long middle = lowS + (highS - lowS) / 2;
            if (Changes(in state, in cold, rules, middle))
                highS = middle;
            else
                lowS = middle + 1;
        }
        return highS * 1000;
    }

    private static bool Changes(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long atS)
    {
        var signals = new CustomerSignals(in state, in cold, rules, atS * 1000);
        IReadOnlyList<TierScheme> schemes = rules.Schemes;
        for (int i = 0; i < schemes.Count; i++)
        {
            TierScheme scheme = schemes[i];
            if (scheme.IsRelative)
                continue;
            SchemeState before = SchemeState.Of(scheme.Id, in state, in cold);
            SchemeState after = before;
            scheme.Step(ref after, in signals, in state, Population.None);
            if (!after.Equals(before))
                return true;
        }
        return false;
    }
}
