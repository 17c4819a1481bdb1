using System.Numerics;
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

    // How far after an event a change is looked for at first, and how much earlier the deadline may then be, seconds.
    private const long ReachS = 8 * 86_400, ToleranceS = 12 * 3_600;

    private const long DayS = 86_400;
    private const long NeverAfterMs = 100 * 366 * BusinessCalendar.DayMs;

    /// <summary>Sets <see cref="CustomerState.DeadlineMs"/> to an instant after <paramref name="afterMs"/>, or to never.</summary>
    /// <param name="afterWake">
    /// True when the customer was just woken: it is silent, so that the exact instant is worth finding, and whether anything can change at all. After an event a
    /// lower bound is enough.
    /// </param>
    public static void Arm(ref CustomerState state, ref readonly ColdState cold, ScoringRules rules, long afterMs, bool afterWake = false) =>
        state.DeadlineMs = Find(in state, in cold, rules, afterMs, checkNever: afterWake, isExact: afterWake);

    /// <summary>
    /// First whole second after <paramref name="afterMs"/>, within <see cref="WindowMs"/>, at which something changes; else the end of the window as a lower
    /// bound; <see cref="long.MaxValue"/> when nothing can change any more.
    /// </summary>
    /// <param name="isExact">False when any instant will do at which nothing has changed yet, the later the better.</param>
    /// <remarks>
    /// In silence every axis moves in one direction only, so that "something has changed by t" is false up to an instant and true from then on: bisection is
    /// exact. Two things break that, and then the window is walked by days, each parted at its turning points: a regular buyer (k >= 2) is not due yet, so that
    /// churn risk and value turn; and the growth value of a customer who brings losses and referrals is a sum of one part that rises and one that falls.
    /// </remarks>
    public static long Find(
        ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long afterMs, bool checkNever, bool isExact = true)
    {
        long firstS = FloorS(afterMs) + 1, lastS = firstS + WindowMs / 1000;
        var signals = new CustomerSignals(in state, in cold, rules, firstS * 1000, SignalGroups.None);
        bool turns = Turns(in state, in cold, rules);
        if (turns)
        {
            if (WalkDays(in signals, firstS, lastS) is { } foundS)
                return foundS * 1000;
        }
        else if (!isExact)
        {
            return LowerBound(in signals, firstS) * 1000;
        }
        else if (Changed(in signals, lastS) is not 0 and uint changed)
        {
            return FirstChange(in signals, firstS, lastS, changed) * 1000;
        }
        bool never = checkNever && !turns && Changed(in signals, firstS + NeverAfterMs / 1000) == 0;
        return never ? long.MaxValue : lastS * 1000;
    }

    /// <summary>
    /// The first whole second after <paramref name="afterMs"/> up to <paramref name="untilMs"/> at which something changes: for the moment before an event, when
    /// only the silence up to it counts. In nearly all cases one look at its end tells that there is none.
    /// </summary>
    /// <returns>Unix milliseconds; null when nothing changes.</returns>
    public static long? FindUntil(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long afterMs, long untilMs)
    {
        long firstS = FloorS(afterMs) + 1, untilS = FloorS(untilMs);
        if (untilS < firstS)
            return null;
        if (Turns(in state, in cold, rules))
        {
            long foundMs = Find(in state, in cold, rules, afterMs, checkNever: false);
            return foundMs <= untilMs ? foundMs : null;
        }
        var signals = new CustomerSignals(in state, in cold, rules, firstS * 1000, SignalGroups.None);
        uint changed = Changed(in signals, untilS);
        return changed == 0 ? null : FirstChange(in signals, firstS, untilS, changed) * 1000;
    }

    private static long FloorS(long ms) => Math.DivRem(ms, 1000, out long rest) - (rest < 0 ? 1 : 0);

    private static bool Turns(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules) =>
        !rules.MonotoneInSilence || GrowthTurns(in state, in cold, rules);

    private static bool GrowthTurns(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules) =>
        cold.Referrals.Count > 0 && state.Profit < 0 != rules.Policy.Growth.NewCustomerValue < rules.Policy.Growth.NewCustomerCost;

    private static long? WalkDays(in CustomerSignals signals, long firstS, long lastS)
    {
        Span<long> ends = stackalloc long[Turning.Count + 1];
        Turning slope = Turning.SlopeAt(in signals, firstS);
        for (long fromS = firstS; fromS < lastS; fromS += DayS)
        {
            Turning next = Turning.SlopeAt(in signals, fromS + DayS);
            ends.Fill(fromS + DayS);
            for (int signal = 0; signal < Turning.Count; signal++)
            {
                if (slope[signal] * next[signal] < 0)
                    ends[signal] = Turning.PointOf(signal, in signals, fromS, fromS + DayS, slope[signal] > 0);
            }
            ends.Sort();
            long lowS = fromS;
            foreach (long endS in ends)
            {
                if (Changed(in signals, endS) is not 0 and uint changed)
                    return FirstChange(in signals, lowS, endS, changed);
                lowS = endS;
            }
            slope = next;
        }
        return null;
    }

    /// <summary>
    /// A deadline for a customer at the instant of an event, from the signals that the event was assessed by: as <see cref="Arm"/> would set it where a bound of the
    /// signals proves that, else the next second, for <see cref="Arm"/> to improve once no further event of the batch makes it void.
    /// </summary>
    /// <param name="signals">The signals at <see cref="CustomerState.LastAssessedMs"/>.</param>
    internal static long AfterEvent(in CustomerSignals signals)
    {
        long firstS = FloorS(signals.AtMs) + 1, highMs = (firstS + ReachS) * 1000;
        if (!SilentBound.Exists(in signals) || GrowthTurns(in signals.State, in signals.Cold, signals.Rules))
            return firstS * 1000;
        var bounded = new CustomerSignals(in signals, highMs, new SilentBound(in signals, highMs));
        SettledSchemes settled = signals.Rules.Settled;
        uint moving = settled.In(SchemeScope.Absolute) & settled.NotAmong(in bounded, in signals.State, in signals.Cold, Population.None);
        return moving == 0 ? highMs + 1000 : firstS * 1000;
    }

    /// <summary>True when the deadline is not more than the next second after the last assessment, so that <see cref="Arm"/> may find a later one.</summary>
    public static bool IsNext(ref readonly CustomerState state) => state.DeadlineMs - state.LastAssessedMs <= 1000;

    // A second up to which nothing changes. Where something does within the reach, bisection goes on until the bound is within an eighth of the time: a few cheap
    // looks instead of the twenty that the exact second takes, because most customers buy again before it. A drop at the end of a grace is known exactly.
    private static long LowerBound(in CustomerSignals signals, long firstS)
    {
        long lowS = firstS, highS = firstS + ReachS;
        uint changed = Changed(in signals, highS);
        if (changed == 0)
            return highS + 1;
        long dropS = FirstDropS(in signals, changed);
        if (dropS > lowS && dropS <= highS && Changed(in signals, dropS - 1, changed) == 0)
            return dropS;
        while (highS - lowS > Math.Max(ToleranceS, (lowS - firstS) / 8))
        {
            long middle = lowS + (highS - lowS) / 2;
            uint already = Changed(in signals, middle, changed);
            if (already != 0)
                (highS, changed) = (middle, already);
            else
                lowS = middle + 1;
        }
        return lowS;
    }

    // Bisection over the schemes that have changed by the upper end; the one that changes first is soon alone. Many changes are drops at the end of a grace,
    // whose instant is known: looking there and a second before first saves most of the steps.
    private static long FirstChange(in CustomerSignals signals, long lowS, long highS, uint changed)
    {
        long dropS = FirstDropS(in signals, changed);
        for (int probe = 0; highS > lowS; probe++)
        {
            long middle = probe < 2 && dropS - probe >= lowS && dropS - probe < highS ? dropS - probe : lowS + (highS - lowS) / 2;
            uint already = Changed(in signals, middle, changed);
            if (already != 0)
                (highS, changed) = (middle, already);
            else
                lowS = middle + 1;
        }
        return lowS;
    }

    private static long FirstDropS(in CustomerSignals signals, uint changed)
    {
        long firstMs = long.MaxValue - 999;
        for (; changed != 0; changed &= changed - 1)
        {
            TierScheme scheme = signals.Rules.AbsoluteSchemes[BitOperations.TrailingZeroCount(changed)];
            SchemeState held = SchemeState.Of(scheme.Id, in signals.State, in signals.Cold);
            firstMs = held.InGrace ? Math.Min(firstMs, scheme.DropMs(in held)) : firstMs;
        }
        return (firstMs + 999) / 1000;
    }

    // The absolute schemes, as bits, that silence up to an instant changes.
    private static uint Changed(in CustomerSignals from, long atS, uint among = uint.MaxValue)
    {
        ReadOnlySpan<TierScheme> schemes = from.Rules.AbsoluteSchemes;
        // A single scheme asks for what it needs; several ask for the same.
        var signals = new CustomerSignals(in from, atS * 1000, BitOperations.IsPow2(among) ? SignalGroups.None : SignalGroups.Absolute);
        uint changed = 0;
        for (int i = 0; i < schemes.Length; i++)
        {
            if ((among >> i & 1) == 0)
                continue;
            var before = new SchemeState(schemes[i].Id, in from.State, in from.Cold);
            SchemeState after = before;
            schemes[i].Step(ref after, in signals, in from.State, Population.None);
            changed |= after.Equals(before) ? 0 : 1u << i;
        }
        return changed;
    }

    /// <summary>The signals that may turn in silence, and where they do.</summary>
    private readonly struct Turning
    {
        public const int Count = 3;
        private const long ProbeS = 60;
        private readonly double value, risk, growth;

        private Turning(double value, double risk, double growth) => (this.value, this.risk, this.growth) = (value, risk, growth);

        public double this[int signal] => signal switch { 0 => value, 1 => risk, _ => growth };

        // The sign is what counts; a minute is long enough for it to stand out from rounding.
        public static Turning SlopeAt(in CustomerSignals signals, long atS)
        {
            Turning now = At(in signals, atS), soon = At(in signals, atS + ProbeS);
            return new Turning(Math.Sign(soon.value - now.value), Math.Sign(soon.risk - now.risk), Math.Sign(soon.growth - now.growth));
        }

        // Ternary search for the one turning point of a signal within a range.
        public static long PointOf(int signal, in CustomerSignals signals, long lowS, long highS, bool isPeak)
        {
            while (highS - lowS > 2)
            {
                long third = (highS - lowS) / 3;
                double left = At(in signals, lowS + third)[signal], right = At(in signals, highS - third)[signal];
                if (left < right == isPeak)
                    lowS += third;
                else
                    highS -= third;
            }
            return lowS + (highS - lowS) / 2;
        }

        private static Turning At(in CustomerSignals from, long atS)
        {
            var signals = new CustomerSignals(in from, atS * 1000, SignalGroups.Absolute);
            return new Turning(signals.CustomerValue, signals.ChurnRisk, ValueSignals.GrowthValueOf(in signals));
        }
    }
}
