using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Scoring.Populations;

/// <summary>
/// Tells by the buckets in which a customer was measured that no relative scheme would move it at that instant: every axis measures a quantity of the sketch, and nearly
/// all customers are in buckets that lie wholly between the bounds of what they hold, or wait out a grace below them. It knows no more than that: who is not settled
/// here may still stay as it is.
/// Immutable; made once per sweep.
/// </summary>
public sealed class SettledBuckets
{
    private readonly Axis[] axes;
    private readonly bool isTelling;

    /// <param name="rules">The policy's rules.</param>
    /// <param name="population">What relative schemes compare with.</param>
    public SettledBuckets(ScoringRules rules, Population population)
    {
        Population = population;
        axes = [.. rules.Schemes.OfType<AxisScheme>().Where(scheme => scheme.IsRelative)
            .SelectMany(scheme => scheme.Axes.Select((axis, number) => new Axis(scheme, axis, number, population.BoundsOf(scheme.Id)?[number])))];
        // Of fewer nobody is ranked.
        isTelling = population.Count >= rules.Policy.Schemes.MinPopulation;
    }

    /// <summary>The population that it is made of.</summary>
    public Population Population { get; }

    /// <summary>Whether every relative scheme leaves a customer as it is.</summary>
    /// <param name="buckets">Where the customer is measured at the instant of the assessment.</param>
    /// <param name="state">The customer.</param>
    /// <param name="cold">Its cold record.</param>
    /// <param name="atMs">That instant, unix milliseconds.</param>
    public bool Hold(in PopulationBuckets buckets, ref readonly CustomerState state, ref readonly ColdState cold, long atMs)
    {
        if (!isTelling)
            return false;
        // What Relationship.SkipsGrace asks of the signals needs one of these.
        bool hasGrace = state.DecayedProfit >= 0 && cold.Ending.Reason == EndingReason.None;
        foreach (ref readonly Axis axis in axes.AsSpan())
        {
            if (!axis.Holds(in buckets, in state, in cold, hasGrace ? atMs : long.MaxValue))
                return false;
        }
        return true;
    }

    private readonly struct Axis
    {
        private readonly int scheme, number, count, index, quantity, minPurchaseDays;
        private readonly long graceMs;

        // By held position, from 1: the buckets that are wholly above the lower end of its band and below the next better bound; and those wholly below its own bound.
        private readonly (Range Held, Range InGrace)[] ranges;

        public Axis(AxisScheme scheme, TierAxis axis, int number, AxisBounds? bounds)
        {
            (this.scheme, this.number, count, index) = ((int)scheme.Id, number, scheme.Axes.Count, SchemeIds.FirstAxis(scheme.Id) + number);
            (minPurchaseDays, graceMs) = (scheme.MinPurchaseDays, scheme.Grace.LengthMs);
            Quantity? measured = QuantityOf(axis.Measured);
            quantity = (int)measured.GetValueOrDefault();
            ranges = bounds is null || measured is null
                ? []
                : [.. Enumerable.Range(1, bounds.Positions).Select(Of)];

            (Range Held, Range InGrace) Of(int position)
            {
                double better = position == 1 ? double.PositiveInfinity : bounds.Rise(position - 1);
                return (
                    Range.Within(bounds.Fall(position), better, axis.LowerIsBetter, Quantities.ScaleOf(measured.Value)),
                    Range.Within(double.NegativeInfinity, bounds.Rise(position), axis.LowerIsBetter, Quantities.ScaleOf(measured.Value)));
            }
        }

        public bool Holds(in PopulationBuckets buckets, ref readonly CustomerState state, ref readonly ColdState cold, long atMs)
        {
            byte position = SchemeState.PositionIn(state.HeldTiers[scheme], number, count);
            uint graceStartS = cold.GraceStartS[index];
            if (state.PurchaseDays < minPurchaseDays)
                return position == 0 && graceStartS == 0;
            if ((uint)(position - 1) >= (uint)ranges.Length)
                return false;
            return graceStartS == 0
                ? ranges[position - 1].Held.Has(buckets[quantity])
                : atMs < graceStartS * 1000L + graceMs && ranges[position - 1].InGrace.Has(buckets[quantity]);
        }

        private static Quantity? QuantityOf(AxisSignal signal) => signal switch
        {
            AxisSignal.CustomerValue => Quantity.CustomerValue,
            AxisSignal.CurrentValue => Quantity.CurrentValue,
            AxisSignal.GrowthValueUncapped => Quantity.GrowthValue,
            AxisSignal.EffectiveCycleDays => Quantity.CycleDays,
            AxisSignal.Ticket => Quantity.Ticket,
            AxisSignal.LastPurchaseDay => Quantity.LastPurchaseDay,
            AxisSignal.RfmFrequency => Quantity.Frequency,
            AxisSignal.RfmMonetary => Quantity.Monetary,
            AxisSignal.RevenueTotal => Quantity.Revenue,
            _ => null,
        };
    }

    private readonly record struct Range(int From, int Through)
    {
        public bool Has(short bucket) => bucket >= From && bucket <= Through;

        /// <summary>The buckets wholly between two values of an axis, the better one excluded.</summary>
        public static Range Within(double from, double below, bool lowerIsBetter, BucketScale scale)
        {
            // Without anybody to compare with there are no bounds.
            if (double.IsNaN(from) || double.IsNaN(below))
                return new Range(int.MaxValue, int.MinValue);
            (double low, double high) = lowerIsBetter ? (-below, -from) : (from, below);
            // The buckets of the ends themselves are on both sides of them. Who is not measured is in the lowest of all numbers, which is in no range.
            return new Range(
                double.IsNegativeInfinity(low) ? PopulationBuckets.Unmeasured + 1 : scale.BucketOf(low) + 1,
                double.IsPositiveInfinity(high) ? int.MaxValue : scale.BucketOf(high) - 1);
        }
    }
}
