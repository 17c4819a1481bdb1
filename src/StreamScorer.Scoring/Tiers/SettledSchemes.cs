using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Tiers;

/// <summary>
/// Tells in one pass over all axes which schemes hold on to what they hold. Nearly every event leaves nearly all of them settled: every axis within its range of
/// <see cref="HeldRanges"/> and none in grace. Only the others need a step, which stays the definition: a settled scheme is one that a step does not change.
/// Immutable; made once per policy.
/// </summary>
internal sealed class SettledSchemes
{
    private readonly AxisPlace[] absoluteAxes, relativeAxes;
    private readonly HeldRanges absolute = new();
    private readonly LifecycleScheme? lifecycle;
    private readonly uint absoluteBits, relativeBits, lifecycleBit;
    private readonly int minPopulation;

    /// <param name="schemes">The schemes that run; in this order they are bits.</param>
    /// <param name="minPopulation">Customers with a purchase below which nobody is ranked in a relative scheme.</param>
    public SettledSchemes(IReadOnlyList<TierScheme> schemes, int minPopulation)
    {
        this.minPopulation = minPopulation;
        var places = new List<AxisPlace>();
        for (int i = 0; i < schemes.Count; i++)
        {
            TierScheme scheme = schemes[i];
            uint bit = 1u << i;
            if (scheme.IsRelative)
                relativeBits |= bit;
            else
                absoluteBits |= bit;
            absolute.Set(scheme.Id, scheme.IsRelative ? null : scheme.BoundsIn(Population.None));
            if (scheme is AxisScheme axisScheme)
                places.AddRange(scheme.Axes.Select((axis, number) => new AxisPlace(bit, scheme, axisScheme.MinPurchaseDays, axis, number)));
            else
                (lifecycle, lifecycleBit) = ((LifecycleScheme)scheme, bit);
        }
        absoluteAxes = [.. places.Where(place => (place.Bit & absoluteBits) != 0)];
        relativeAxes = [.. places.Where(place => (place.Bit & relativeBits) != 0)];
    }

    /// <summary>The schemes of a scope.</summary>
    public uint In(SchemeScope scope) => ((scope & SchemeScope.Absolute) == 0 ? 0 : absoluteBits) | ((scope & SchemeScope.Relative) == 0 ? 0 : relativeBits);

    /// <summary>The schemes that are not settled at the signals' instant, as bits in the order of the policy's schemes.</summary>
    public uint NotAmong(in CustomerSignals signals, ref readonly CustomerState state, ref readonly ColdState cold, Population population)
    {
        if (!signals.HasPurchases)
            return absoluteBits | relativeBits;
        AxisSignals.Measure(in signals, in state, out AxisSignals values);
        uint moving = Moving(absoluteAxes, absolute, in values, in state, in cold);
        moving |= population.Count < minPopulation ? relativeBits : Moving(relativeAxes, population.Ranges, in values, in state, in cold);
        return lifecycle is null ? moving : moving | LifecycleMoves(in signals, in state);
    }

    private static uint Moving(
        ReadOnlySpan<AxisPlace> axes, HeldRanges ranges, in AxisSignals values, ref readonly CustomerState state, ref readonly ColdState cold)
    {
        uint moving = 0;
        foreach (ref readonly AxisPlace axis in axes)
        {
            moving |= axis.IsSettled(ranges, values[axis.Signal], in state, in cold) ? 0 : axis.Bit;
        }
        return moving;
    }

    /// <summary>The schemes with bounds of their own that are not settled: as <see cref="NotAmong"/>, but only what these go by is measured.</summary>
    public uint AbsoluteNotSettled(in CustomerSignals signals)
    {
        if (!signals.HasPurchases)
            return absoluteBits;
        ref readonly CustomerState state = ref signals.State;
        ref readonly ColdState cold = ref signals.Cold;
        uint moving = lifecycle is null ? 0 : LifecycleMoves(in signals, in state);
        foreach (ref readonly AxisPlace axis in absoluteAxes.AsSpan())
            moving |= axis.IsSettled(absolute, AxisSignals.Of((AxisSignal)axis.Signal, in signals, in state), in state, in cold) ? 0 : axis.Bit;
        return moving;
    }

    /// <summary>
    /// Up to when the schemes with bounds of their own hold what the signals' customer holds, if it is silent up to the signals' instant, which is yet to come: unix
    /// milliseconds; <see cref="long.MinValue"/> when a signal may move one before, the drop at the end of a grace where one waits, else <see cref="long.MaxValue"/>.
    /// The answer is nearly always that nothing moves: so it measures only what these schemes go by, and ends at the first that does.
    /// </summary>
    public long AbsoluteHeldUntilMs(in CustomerSignals signals)
    {
        ref readonly CustomerState state = ref signals.State;
        ref readonly ColdState cold = ref signals.Cold;
        if (!signals.HasPurchases || (lifecycle is not null && LifecycleMoves(in signals, in state) != 0))
            return long.MinValue;
        long firstDropMs = long.MaxValue;
        foreach (ref readonly AxisPlace axis in absoluteAxes.AsSpan())
        {
            double measured = AxisSignals.Of((AxisSignal)axis.Signal, in signals, in state);
            if (axis.IsSettled(absolute, measured, in state, in cold))
                continue;
            // Grace is skipped by the harmful.
            if (signals.HasLosses || !axis.WaitsForDrop(absolute, measured, in state, in cold, out long dropMs))
                return long.MinValue;
            firstDropMs = Math.Min(firstDropMs, dropMs);
        }
        return firstDropMs;
    }

    private uint LifecycleMoves(in CustomerSignals signals, ref readonly CustomerState state)
    {
        var held = (LifecycleStage)state.HeldTiers[(int)SchemeId.Lifecycle];
        return lifecycle!.StageOf(held, in signals, in state) == held ? 0 : lifecycleBit;
    }

    /// <summary>Where one axis is found in a customer, and what it measures.</summary>
    private readonly struct AxisPlace(uint bit, TierScheme scheme, int minPurchaseDays, TierAxis axis, int number)
    {
        public readonly uint Bit = bit;
        public readonly int Signal = (int)axis.Measured;
        private readonly int scheme = (int)scheme.Id, number = number, count = scheme.Axes.Count, index = SchemeIds.FirstAxis(scheme.Id) + number;
        private readonly int minPurchaseDays = minPurchaseDays;
        private readonly long graceMs = scheme.Grace.LengthMs;
        private readonly double sign = axis.LowerIsBetter ? -1 : 1;

        /// <summary>Whether a step leaves the axis as it is: in its range and not in grace, or rightly unranked.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool IsSettled(HeldRanges ranges, double measured, ref readonly CustomerState state, ref readonly ColdState cold)
        {
            byte position = SchemeState.PositionIn(state.HeldTiers[scheme], number, count);
            bool stays = ranges.Keeps(index, position, sign * measured), isRanked = state.PurchaseDays >= minPurchaseDays;
            // No branches: which axis moves is anybody's guess.
            return (stays & isRanked | position == 0 & !isRanked) & cold.GraceStartS[index] == 0;
        }

        /// <summary>Whether the axis is in grace and not averted at a value: then it stays as it is up to the drop, unix milliseconds.</summary>
        public bool WaitsForDrop(HeldRanges ranges, double measured, ref readonly CustomerState state, ref readonly ColdState cold, out long dropMs)
        {
            uint startS = cold.GraceStartS[index];
            dropMs = startS * 1000L + graceMs;
            byte position = SchemeState.PositionIn(state.HeldTiers[scheme], number, count);
            return startS != 0 && state.PurchaseDays >= minPurchaseDays && ranges.IsBelowBound(index, position, sign * measured);
        }
    }
}
