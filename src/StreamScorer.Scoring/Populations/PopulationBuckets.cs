using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Populations;

/// <summary>A customer's bucket in every quantity, 20 bytes. Held in memory beside the customer, so that a change is minus at the old bucket, plus at the new.</summary>
[InlineArray(Quantities.Count)]
public struct PopulationBuckets
{
    /// <summary>Bucket of a customer who is not measured in a quantity.</summary>
    public const short Unmeasured = short.MinValue;

    private short first;

    /// <summary>Of a customer who never bought: in no histogram.</summary>
    public static PopulationBuckets None { get; } = Nowhere();

    /// <summary>Where a customer belongs.</summary>
    public static PopulationBuckets Of(in CustomerSignals signals, ref readonly CustomerState state)
    {
        PopulationBuckets buckets = None;
        if (!signals.HasPurchases)
            return buckets;
        double cycleDays = PurchaseSignals.EffectiveCycleYearsOf(in signals) * ScoringRules.DaysPerYear;
        Vector128<short> firstEight = Quantities.Relative.BucketsOf(Vector512.Create(
            signals.CustomerValue, ValueSignals.CurrentValueOf(in signals), ValueSignals.GrowthValueUncappedOf(in signals), signals.Steady.RevenueTotal,
            0, signals.RfmFrequency, PurchaseSignals.RfmMonetaryOf(in signals), cycleDays));
        firstEight = firstEight.WithElement((int)Quantity.LastPurchaseDay, Quantities.Calendar.BucketOf(state.LastPurchaseDay));
        if (state.PurchaseDays <= 1)
            firstEight = firstEight.WithElement((int)Quantity.CycleDays, Unmeasured);
        firstEight.CopyTo(buckets);
        Vector128<short> others = Quantities.Relative.BucketsOf(Vector512.Create(
            signals.Steady.Ticket, ValueSignals.HistoricalValueOf(in signals) + signals.ResidualValue, 0, 0, 0, 0, 0, 0));
        (buckets[(int)Quantity.Ticket], buckets[(int)Quantity.Contribution]) = (others[0], others[1]);
        return buckets;
    }

    private static PopulationBuckets Nowhere()
    {
        PopulationBuckets buckets = default;
        ((Span<short>)buckets).Fill(Unmeasured);
        return buckets;
    }
}
