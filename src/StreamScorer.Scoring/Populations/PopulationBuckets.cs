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
        Span<double> values = stackalloc double[Quantities.Count];
        values[(int)Quantity.CustomerValue] = signals.CustomerValue;
        values[(int)Quantity.CurrentValue] = ValueSignals.CurrentValueOf(in signals);
        values[(int)Quantity.GrowthValue] = ValueSignals.GrowthValueUncappedOf(in signals);
        values[(int)Quantity.Revenue] = signals.Steady.RevenueTotal;
        values[(int)Quantity.LastPurchaseDay] = state.LastPurchaseDay;
        values[(int)Quantity.Frequency] = signals.RfmFrequency;
        values[(int)Quantity.Monetary] = PurchaseSignals.RfmMonetaryOf(in signals);
        values[(int)Quantity.CycleDays] = PurchaseSignals.EffectiveCycleYearsOf(in signals) * ScoringRules.DaysPerYear;
        values[(int)Quantity.Ticket] = signals.Steady.Ticket;
        values[(int)Quantity.Contribution] = ValueSignals.HistoricalValueOf(in signals) + signals.ResidualValue;
        Quantities.BucketsOf(values, buckets);
        if (state.PurchaseDays <= 1)
            buckets[(int)Quantity.CycleDays] = Unmeasured;
        return buckets;
    }

    private static PopulationBuckets Nowhere()
    {
        PopulationBuckets buckets = default;
        ((Span<short>)buckets).Fill(Unmeasured);
        return buckets;
    }
}
