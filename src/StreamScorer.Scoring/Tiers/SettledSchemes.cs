using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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
// Else the lanes are cleared for every assessment before they are set.
[SkipLocalsInit]
internal sealed class SettledSchemes
{
    private readonly AxisPlace[] places = new AxisPlace[SchemeIds.AxisCount];
    private readonly Vector512<long>[] measured = new Vector512<long>[AxisLanes.Groups];
    private readonly Vector512<double>[] signs = new Vector512<double>[AxisLanes.Groups];
    private readonly HeldRanges absolute = new();
    private readonly LifecycleScheme? lifecycle;
    private readonly uint absoluteAxes, relativeAxes, absoluteBits, relativeBits, lifecycleBit;
    private readonly int minPopulation, rankedFromDays;

    /// <param name="schemes">The schemes that run; in this order they are bits.</param>
    /// <param name="minPopulation">Customers with a purchase below which nobody is ranked in a relative scheme.</param>
    public SettledSchemes(IReadOnlyList<TierScheme> schemes, int minPopulation)
    {
        // A permutation picks out of two vectors by the low four bits of a number: it would measure a further signal as another one.
        if (AxisSignals.Count > 2 * Vector512<double>.Count)
            throw new InvalidOperationException($"{AxisSignals.Count} axis signals do not fit into two vectors of {Vector512<double>.Count}");
        this.minPopulation = minPopulation;
        for (int i = 0; i < schemes.Count; i++)
        {
            TierScheme scheme = schemes[i];
            uint bit = 1u << i, axes = 0;
            if (scheme is AxisScheme axisScheme)
            {
                axes = ((1u << scheme.Axes.Count) - 1) << SchemeIds.FirstAxis(scheme.Id);
                rankedFromDays = Math.Max(rankedFromDays, axisScheme.MinPurchaseDays);
                for (int axis = 0; axis < scheme.Axes.Count; axis++)
                    places[SchemeIds.FirstAxis(scheme.Id) + axis] = new AxisPlace(bit, axes, axisScheme, scheme.Axes[axis], axis);
            }
            else
            {
                (lifecycle, lifecycleBit) = ((LifecycleScheme)scheme, bit);
            }
            if (scheme.IsRelative)
            {
                (relativeBits, relativeAxes) = (relativeBits | bit, relativeAxes | axes);
                continue;
            }
            (absoluteBits, absoluteAxes) = (absoluteBits | bit, absoluteAxes | axes);
            absolute.Set(scheme.Id, scheme.BoundsIn(Population.None));
        }
        for (int axis = 0; axis < places.Length; axis++)
        {
            (int group, int lane) = Math.DivRem(axis, Vector512<double>.Count);
            measured[group] = measured[group].WithElement(lane, places[axis].Signal);
            signs[group] = signs[group].WithElement(lane, places[axis].Sign);
        }
    }

    /// <summary>The schemes of a scope.</summary>
    public uint In(SchemeScope scope) => ((scope & SchemeScope.Absolute) == 0 ? 0 : absoluteBits) | ((scope & SchemeScope.Relative) == 0 ? 0 : relativeBits);

    /// <summary>The schemes that are not settled at the signals' instant, as bits in the order of the policy's schemes.</summary>
    public uint NotAmong(in CustomerSignals signals, Population population)
    {
        if (!signals.HasPurchases)
            return absoluteBits | relativeBits;
        Place(in signals, SchemeScope.All, out AxisLanes lanes);
        uint kept = absolute.Kept(in lanes) & absoluteAxes;
        bool ranks = population.Count >= minPopulation;
        if (ranks)
            kept |= population.Ranges.Kept(in lanes) & relativeAxes;
        return SchemesOf((absoluteAxes | relativeAxes) & ~Settled(kept, in signals)) | (ranks ? 0 : relativeBits) | LifecycleMoves(in signals);
    }

    /// <summary>The schemes with bounds of their own that are not settled: as <see cref="NotAmong"/>, but only what these go by is measured.</summary>
    public uint AbsoluteNotSettled(in CustomerSignals signals)
    {
        if (!signals.HasPurchases)
            return absoluteBits;
        Place(in signals, SchemeScope.Absolute, out AxisLanes lanes);
        return SchemesOf(absoluteAxes & ~Settled(absolute.Kept(in lanes), in signals)) | LifecycleMoves(in signals);
    }

    /// <summary>
    /// Up to when the schemes with bounds of their own hold what the signals' customer holds, if it is silent up to the signals' instant, which is yet to come: unix
    /// milliseconds; <see cref="long.MinValue"/> when a signal may move one before, the drop at the end of a grace where one waits, else <see cref="long.MaxValue"/>.
    /// </summary>
    public long AbsoluteHeldUntilMs(in CustomerSignals signals)
    {
        if (!signals.HasPurchases || LifecycleMoves(in signals) != 0)
            return long.MinValue;
        Place(in signals, SchemeScope.Absolute, out AxisLanes lanes);
        long firstDropMs = long.MaxValue;
        for (uint moving = absoluteAxes & ~Settled(absolute.Kept(in lanes), in signals); moving != 0; moving &= moving - 1)
        {
            // Grace is skipped by the harmful.
            if (signals.HasLosses || DropMs(BitOperations.TrailingZeroCount(moving), in lanes, in signals) is not { } dropMs)
                return long.MinValue;
            firstDropMs = Math.Min(firstDropMs, dropMs);
        }
        return firstDropMs;
    }

    private void Place(in CustomerSignals signals, SchemeScope scope, out AxisLanes lanes)
    {
        Unsafe.SkipInit(out lanes);
        AxisSignals values = AxisSignals.Measure(in signals, in signals.State, scope);
        lanes.SetPositions(in signals.State.HeldTiers);
        if (!Avx512F.IsSupported)
        {
            for (int axis = 0; axis < places.Length; axis++)
                lanes[axis] = places[axis].Sign * values[places[axis].Signal];
            return;
        }
        for (int group = 0; group < AxisLanes.Groups; group++)
            lanes.SetValues(group, signs[group] * Avx512F.PermuteVar8x64x2(values.Lower, measured[group], values.Upper));
    }

    // The axes that a step leaves as they are, as bits: kept in their range and not in grace, or rightly unranked.
    private uint Settled(uint kept, in CustomerSignals signals)
    {
        uint settled = signals.State.PurchaseDays < rankedFromDays ? WithUnranked(kept, in signals) : kept;
        ReadOnlySpan<uint> graceStartS = signals.Cold.GraceStartS;
        ulong low = Vector512.Equals(Vector512.Create(graceStartS), Vector512<uint>.Zero).ExtractMostSignificantBits();
        uint high = Vector128.Equals(Vector128.Create(graceStartS[Vector512<uint>.Count..]), Vector128<uint>.Zero).ExtractMostSignificantBits();
        return settled & ((uint)low | high << Vector512<uint>.Count);
    }

    private uint WithUnranked(uint settled, in CustomerSignals signals)
    {
        for (int axis = 0; axis < places.Length; axis++)
        {
            if (signals.State.PurchaseDays < places[axis].MinPurchaseDays)
                settled = places[axis].PositionIn(in signals.State) == 0 ? settled | 1u << axis : settled & ~(1u << axis);
        }
        return settled;
    }

    // When an axis drops that is in grace and not averted: up to then it stays as it is. Null where it may move before.
    private long? DropMs(int axis, in AxisLanes lanes, in CustomerSignals signals)
    {
        ref readonly AxisPlace place = ref places[axis];
        uint startS = signals.Cold.GraceStartS[axis];
        bool waits = startS != 0 && signals.State.PurchaseDays >= place.MinPurchaseDays
            && absolute.IsBelowBound(axis, place.PositionIn(in signals.State), lanes[axis]);
        return waits ? startS * 1000L + place.GraceMs : null;
    }

    private uint SchemesOf(uint axes)
    {
        uint schemes = 0;
        while (axes != 0)
        {
            ref readonly AxisPlace place = ref places[BitOperations.TrailingZeroCount(axes)];
            schemes |= place.SchemeBit;
            axes &= ~place.SchemeAxes;
        }
        return schemes;
    }

    private uint LifecycleMoves(in CustomerSignals signals)
    {
        var held = (LifecycleStage)signals.State.HeldTiers[(int)SchemeId.Lifecycle];
        return lifecycle is null || lifecycle.StageOf(held, in signals, in signals.State) == held ? 0 : lifecycleBit;
    }

    /// <summary>Where one axis is found in a customer, what it measures, and the rules of its scheme.</summary>
    private readonly struct AxisPlace(uint schemeBit, uint schemeAxes, AxisScheme scheme, TierAxis axis, int number)
    {
        public readonly uint SchemeBit = schemeBit, SchemeAxes = schemeAxes;
        public readonly int Signal = (int)axis.Measured, MinPurchaseDays = scheme.MinPurchaseDays;
        public readonly long GraceMs = scheme.Grace.LengthMs;
        public readonly double Sign = axis.LowerIsBetter ? -1 : 1;
        private readonly int scheme = (int)scheme.Id, number = number, count = scheme.Axes.Count;

        public byte PositionIn(ref readonly CustomerState state) => SchemeState.PositionIn(state.HeldTiers[scheme], number, count);
    }
}
