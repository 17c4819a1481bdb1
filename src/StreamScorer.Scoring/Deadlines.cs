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

    // After an event the deadline may be this much early: most customers buy again before it, and exactness would have been for nothing.
    private const long EventToleranceS = 6 * 3_600;

    private const long DayS = 86_400;
    private const long NeverAfterMs = 100 * 366 * BusinessCalendar.DayMs;

    /// <summary>Sets <see cref="CustomerState.DeadlineMs"/> to an instant after <paramref name="afterMs"/>, or to never.</summary>
    /// <param name="afterWake">True when the customer was just woken: only then it is worth asking whether anything can change at all.</param>
    public static void Arm(ref CustomerState state, ref readonly ColdState cold, ScoringRules rules, long afterMs, bool afterWake = false) =>
        state.DeadlineMs = Find(in state, in cold, rules, afterMs, afterWake, toleranceS: afterWake ? 0 : EventToleranceS);

    /// <summary>
    /// First whole second after <paramref name="afterMs"/>, within <see cref="WindowMs"/>, at which something changes; else the end of the window as a lower
    /// bound; <see cref="long.MaxValue"/> when nothing can change any more.
    /// </summary>
    /// <param name="toleranceS">How much earlier the instant may be, seconds.</param>
    /// <remarks>
    /// In silence every axis moves in one direction only, so that "something has changed by t" is false up to an instant and true from then on: bisection is
    /// exact. Two things break that, and then the window is walked by days, each parted at its turning points: a regular buyer (k >= 2) is not due yet, so that
    /// churn risk and value turn; and the growth value of a customer who brings losses and referrals is a sum of one part that rises and one that falls.
    /// </remarks>
    public static long Find(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long afterMs, bool checkNever, long toleranceS = 0)
    {
        long firstS = Math.DivRem(afterMs, 1000, out long rest) - (rest < 0 ? 1 : 0) + 1;
        long lastS = firstS + WindowMs / 1000;
        bool turns = !rules.MonotoneInSilence || GrowthTurns(in state, in cold, rules);
        if (turns)
        {
            if (WalkDays(in state, in cold, rules, firstS, lastS) is { } foundS)
                return foundS * 1000;
        }
        else if (Changed(in state, in cold, rules, lastS) is not 0 and uint changed)
            return FirstChange(in state, in cold, rules, firstS, lastS, changed, toleranceS) * 1000;
        bool never = checkNever && !turns && Changed(in state, in cold, rules, firstS + NeverAfterMs / 1000) == 0;
        return never ? long.MaxValue : lastS * 1000;
    }

    private static bool GrowthTurns(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules) =>
        cold.Referrals.Count > 0 && state.Profit < 0 != rules.Policy.Growth.NewCustomerValue < rules.Policy.Growth.NewCustomerCost;

    private static long? WalkDays(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long firstS, long lastS)
    {
        Span<long> ends = stackalloc long[Turning.Count + 1];
        Turning slope = Turning.SlopeAt(in state, in cold, rules, firstS);
        for (long fromS = firstS; fromS < lastS; fromS += DayS)
        {
            Turning next = Turning.SlopeAt(in state, in cold, rules, fromS + DayS);
            ends.Fill(fromS + DayS);
            for (int signal = 0; signal < Turning.Count; signal++)
            {
                if (slope[signal] * next[signal] < 0)
                    ends[signal] = Turning.PointOf(signal, in state, in cold, rules, fromS, fromS + DayS, slope[signal] > 0);
            }
            ends.Sort();
            long lowS = fromS;
            foreach (long endS in ends)
            {
                if (Changed(in state, in cold, rules, endS) is not 0 and uint changed)
                    return FirstChange(in state, in cold, rules, lowS, endS, changed);
                lowS = endS;
            }
            slope = next;
        }
        return null;
    }

    // Bisection over the schemes that have changed by the upper end; the one that changes first is soon alone. Many changes are drops at the end of a grace,
    // whose instant is known: looking there and a second before first saves most of the steps.
    private static long FirstChange(
        ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long lowS, long highS, uint changed, long toleranceS = 0)
    {
        long dropS = FirstDropS(in state, in cold, rules, changed);
        for (int probe = 0; highS - lowS > toleranceS; probe++)
        {
            long middle = probe < 2 && dropS - probe >= lowS && dropS - probe < highS ? dropS - probe : lowS + (highS - lowS) / 2;
            uint already = Changed(in state, in cold, rules, middle, changed);
            if (already != 0)
                (highS, changed) = (middle, already);
            else
                lowS = middle + 1;
        }
        return lowS;
    }

    private static long FirstDropS(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, uint changed)
    {
        long firstMs = long.MaxValue - 999;
        for (; changed != 0; changed &= changed - 1)
        {
            TierScheme scheme = rules.AbsoluteSchemes[BitOperations.TrailingZeroCount(changed)];
            SchemeState held = SchemeState.Of(scheme.Id, in state, in cold);
            firstMs = held.InGrace ? Math.Min(firstMs, scheme.DropMs(in held)) : firstMs;
        }
        return (firstMs + 999) / 1000;
    }

    // The absolute schemes, as bits, that silence up to an instant changes.
    private static uint Changed(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long atS, uint among = uint.MaxValue)
    {
        SignalsAhead ahead = BitOperations.IsPow2(among) ? SignalsAhead.None : SignalsAhead.Absolute;
        var signals = new CustomerSignals(in state, in cold, rules, atS * 1000, ahead);
        IReadOnlyList<TierScheme> schemes = rules.AbsoluteSchemes;
        uint changed = 0;
        for (int i = 0; i < schemes.Count; i++)
        {
            if ((among >> i & 1) == 0)
                continue;
            SchemeState before = SchemeState.Of(schemes[i].Id, in state, in cold);
            SchemeState after = before;
            schemes[i].Step(ref after, in signals, in state, Population.None);
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
        public static Turning SlopeAt(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long atS)
        {
            Turning now = At(in state, in cold, rules, atS), soon = At(in state, in cold, rules, atS + ProbeS);
            return new Turning(Math.Sign(soon.value - now.value), Math.Sign(soon.risk - now.risk), Math.Sign(soon.growth - now.growth));
        }

        // Ternary search for the one turning point of a signal within a range.
        public static long PointOf(
            int signal, ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long lowS, long highS, bool isPeak)
        {
            while (highS - lowS > 2)
            {
                long third = (highS - lowS) / 3;
                double left = At(in state, in cold, rules, lowS + third)[signal], right = At(in state, in cold, rules, highS - third)[signal];
                if (left < right == isPeak)
                    lowS += third;
                else
                    highS -= third;
            }
            return lowS + (highS - lowS) / 2;
        }

        private static Turning At(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long atS)
        {
            var signals = new CustomerSignals(in state, in cold, rules, atS * 1000, SignalsAhead.Absolute);
            return new Turning(signals.CustomerValue, signals.ChurnRisk, signals.Values.GrowthValue);
        }
    }
}
