using System.Numerics;
using System.Runtime.CompilerServices;
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

    private const long DayS = 86_400;

    // How far after an event a change is looked for at first, and how much earlier the deadline may then be, seconds.
    private const long ReachS = 16 * DayS, ToleranceS = DayS / 2;

    // What is not proved for the whole reach is tried for a quarter of it, and so on down to this. Farther proofs fail more often, nearer ones let more of the next events
    // come after the deadline.
    private const long LeastReachS = DayS;

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
        var signals = new CustomerSignals(new SignalSource(in state, in cold, rules), firstS * 1000, SignalGroups.None);
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
        else if (Changed(in signals, lastS, rules.Settled.In(SchemeScope.Absolute)) is not 0 and uint changed)
        {
            return FirstChange(in signals, firstS, lastS, ref changed) * 1000;
        }
        bool never = checkNever && !turns && Changed(in signals, firstS + NeverAfterMs / 1000, rules.Settled.In(SchemeScope.Absolute)) == 0;
        return never ? long.MaxValue : lastS * 1000;
    }

    /// <summary>
    /// The first whole second after <paramref name="afterMs"/> up to <paramref name="until"/> at which something changes: for the moment before an event, when
    /// only the silence up to it counts. In nearly all cases one look at its end tells that there is none.
    /// </summary>
    /// <param name="until">The signals at the last whole second of the silence.</param>
    /// <param name="afterMs">Instant after which to look, unix milliseconds.</param>
    /// <param name="changed">Receives the schemes that it may change, as bits in the order of the policy's schemes.</param>
    /// <returns>Unix milliseconds; null when nothing changes.</returns>
    internal static long? FindUntil(in CustomerSignals until, long afterMs, out uint changed)
    {
        long firstS = FloorS(afterMs) + 1, untilS = FloorS(until.AtMs);
        changed = until.Rules.Settled.In(SchemeScope.Absolute);
        if (untilS < firstS)
            return null;
        if (Turns(in until.State, in until.Cold, until.Rules))
        {
            long foundMs = Find(in until.State, in until.Cold, until.Rules, afterMs, checkNever: false);
            return foundMs <= until.AtMs ? foundMs : null;
        }
        changed = Changed(in until, until.Rules.Settled.AbsoluteNotSettled(in until));
        return changed == 0 ? null : FirstChange(in until, firstS, untilS, ref changed) * 1000;
    }

    /// <summary>The whole second that an instant is in, unix seconds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long FloorS(long ms) => Math.DivRem(ms, 1000, out long rest) - (rest < 0 ? 1 : 0);

    private static long CeilingS(long ms) => FloorS(ms + 999);

    private static bool Turns(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules) =>
        !rules.MonotoneInSilence || GrowthTurns(in state, in cold, rules);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
                if (Changed(in signals, endS, signals.Rules.Settled.In(SchemeScope.Absolute)) is not 0 and uint changed)
                    return FirstChange(in signals, lowS, endS, ref changed);
                lowS = endS;
            }
            slope = next;
        }
        return null;
    }

    /// <summary>
    /// A deadline for a customer at the instant of an event, from the signals that the event was assessed by: as far ahead as a bound of the signals proves that
    /// nothing changes before, else the next second, for <see cref="Arm"/> to improve once no further event of the batch makes it void.
    /// </summary>
    /// <param name="signals">The signals at <see cref="CustomerState.LastAssessedMs"/>.</param>
    internal static long AfterEvent(in CustomerSignals signals)
    {
        long firstS = FloorS(signals.AtMs) + 1;
        if (!SilentBound.Exists(in signals) || GrowthTurns(in signals.State, in signals.Cold, signals.Rules))
            return firstS * 1000;
        for (long reachS = ReachS; reachS >= LeastReachS; reachS /= 4)
        {
            long highMs = (firstS + reachS) * 1000;
            var bounded = new CustomerSignals(signals.Source, highMs, new SilentBound(in signals, highMs));
            long heldUntilMs = signals.Rules.Settled.AbsoluteHeldUntilMs(in bounded);
            if (heldUntilMs != long.MinValue)
                return Math.Max(firstS, CeilingS(Math.Min(heldUntilMs, highMs + 1000))) * 1000;
        }
        return firstS * 1000;
    }

    /// <summary>True when the deadline is not more than the next second after the last assessment, so that <see cref="Arm"/> may find a later one.</summary>
    public static bool IsNext(ref readonly CustomerState state) => state.DeadlineMs - state.LastAssessedMs <= 1000;

    // A second up to which nothing changes. Where something does within the reach, it is nearly always at the estimate, which is then exact; else bisection goes on until
    // the bound is within an eighth of the time, because most customers buy again before it.
    private static long LowerBound(in CustomerSignals signals, long firstS)
    {
        long lowS = firstS, highS = firstS + ReachS;
        uint changed = Changed(in signals, highS, signals.Rules.Settled.In(SchemeScope.Absolute));
        if (changed == 0)
            return highS + 1;
        long estimateS = EstimateS(in signals, lowS, highS, changed);
        if (estimateS > lowS && estimateS <= highS && Changed(in signals, estimateS - 1, changed) == 0)
            return estimateS;
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

    // Bisection over the schemes that have changed by the upper end, which leaves those that change first. It begins at the estimate, and goes away from there by
    // growing strides: looking there and a second before nearly always is enough.
    private static long FirstChange(in CustomerSignals signals, long lowS, long highS, ref uint changed)
    {
        long estimateS = EstimateS(in signals, lowS, highS, changed), strideS = 1;
        long probeS = Math.Clamp(estimateS, lowS, Math.Max(lowS, highS - 1));
        while (highS > lowS)
        {
            uint already = Changed(in signals, probeS, changed);
            if (already != 0)
            {
                (highS, changed) = (probeS, already);
                probeS = Math.Max(lowS + (highS - lowS) / 2, highS - strideS);
            }
            else
            {
                lowS = probeS + 1;
                probeS = Math.Min(lowS + (highS - lowS) / 2, lowS + strideS - 1);
            }
            strideS = Math.Min(4 * strideS, WindowMs / 1000);
        }
        return lowS;
    }

    // Where the first change within a range probably is. A drop at the end of a grace is known; else the secant method on the headroom, whose curve is so nearly a line
    // over days that three or four looks come within a second.
    private static long EstimateS(in CustomerSignals signals, long lowS, long highS, uint changed)
    {
        const int LooksMax = 6;
        const double CloseS = 100;
        long dropS = FirstDropS(in signals, changed);
        double last = 0, at = highS - lowS;
        double lastHeadroom = Headroom(in signals, lowS, last, changed), headroom = Headroom(in signals, lowS, at, changed);
        // Only the drop is ahead, or the beginning is.
        if (!(headroom < 0) || !(lastHeadroom > 0))
            return headroom < 0 ? lowS : Math.Min(dropS, highS);
        for (int look = 0; look < LooksMax; look++)
        {
            double next = at - headroom * (at - last) / (headroom - lastHeadroom);
            if (!(next > 0 && next <= highS - lowS))
                break;
            bool isClose = Math.Abs(next - at) < CloseS;
            (last, lastHeadroom, at) = (at, headroom, next);
            if (isClose)
                break;
            headroom = Headroom(in signals, lowS, at, changed);
        }
        return Math.Min(dropS, lowS + (long)Math.Ceiling(at));
    }

    private static double Headroom(in CustomerSignals from, long lowS, double afterS, uint among)
    {
        var signals = new CustomerSignals(from.Source, lowS * 1000 + (long)(afterS * 1000), SignalGroups.None);
        double least = double.PositiveInfinity;
        for (; among != 0; among &= among - 1)
        {
            TierScheme scheme = from.Rules.AllSchemes[BitOperations.TrailingZeroCount(among)];
            var held = new SchemeState(scheme.Id, in from.State, in from.Cold);
            least = Math.Min(least, scheme.Headroom(in held, in signals, in from.State));
        }
        return least;
    }

    private static long FirstDropS(in CustomerSignals signals, uint changed)
    {
        long firstMs = long.MaxValue - 999;
        for (; changed != 0; changed &= changed - 1)
        {
            TierScheme scheme = signals.Rules.AllSchemes[BitOperations.TrailingZeroCount(changed)];
            SchemeState held = SchemeState.Of(scheme.Id, in signals.State, in signals.Cold);
            firstMs = held.InGrace ? Math.Min(firstMs, scheme.DropMs(in held)) : firstMs;
        }
        return CeilingS(firstMs);
    }

    // The schemes, of some, that silence up to an instant changes.
    private static uint Changed(in CustomerSignals from, long atS, uint among)
    {
        // A single scheme asks for what it needs; several ask for the same, and nearly all of them are settled.
        bool isSingle = BitOperations.IsPow2(among);
        var signals = new CustomerSignals(from.Source, atS * 1000, isSingle ? SignalGroups.None : SignalGroups.Absolute);
        return Changed(in signals, isSingle ? among : among & from.Rules.Settled.AbsoluteNotSettled(in signals));
    }

    private static uint Changed(in CustomerSignals at, uint among)
    {
        uint changed = 0;
        for (; among != 0; among &= among - 1)
        {
            TierScheme scheme = at.Rules.AllSchemes[BitOperations.TrailingZeroCount(among)];
            var before = new SchemeState(scheme.Id, in at.State, in at.Cold);
            SchemeState after = before;
            scheme.Step(ref after, in at, in at.State, Population.None);
            changed |= after.Equals(before) ? 0 : among & (uint)-(int)among;
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
            var signals = new CustomerSignals(from.Source, atS * 1000, SignalGroups.Absolute);
            return new Turning(signals.CustomerValue, signals.ChurnRisk, ValueSignals.GrowthValueOf(in signals));
        }
    }
}
