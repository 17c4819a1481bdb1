using System.Runtime.CompilerServices;
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
        Put(ref buckets, Quantity.CustomerValue, signals.CustomerValue);
        Put(ref buckets, Quantity.CurrentValue, ValueSignals.CurrentValueOf(in signals));
        Put(ref buckets, Quantity.GrowthValue, ValueSignals.GrowthValueUncappedOf(in signals));
        Put(ref buckets, Quantity.Revenue, signals.Steady.RevenueTotal);
        Put(ref buckets, Quantity.LastPurchaseDay, state.LastPurchaseDay);
        Put(ref buckets, Quantity.Frequency, signals.RfmFrequency);
        Put(ref buckets, Quantity.Monetary, PurchaseSignals.RfmMonetaryOf(in signals));
        if (state.PurchaseDays > 1)
            Put(ref buckets, Quantity.CycleDays, PurchaseSignals.EffectiveCycleYearsOf(in signals) * ScoringRules.DaysPerYear);
        Put(ref buckets, Quantity.Ticket, signals.Steady.Ticket);
        Put(ref buckets, Quantity.Contribution, ValueSignals.HistoricalValueOf(in signals) + signals.ResidualValue);
        return buckets;
    }

    private static void Put(ref PopulationBuckets buckets, Quantity quantity, double value) =>
        buckets[(int)quantity] = Quantities.ScaleOf(quantity).BucketOf(value);

    private static PopulationBuckets Nowhere()
    {
        PopulationBuckets buckets = default;
        ((Span<short>)buckets).Fill(Unmeasured);
        return buckets;
    }
}
