using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Scoring.Tests.Tiers;

/// <summary>Populations written down by hand.</summary>
internal static class TestPopulation
{
    /// <summary>A population of customers with the values of a quantity; customers without one are filled up with the value 0.</summary>
    public static Population Of(TierScheme scheme, params (Quantity Quantity, double[] Values)[] quantities)
    {
        var sketch = new PopulationSketch();
        foreach ((Quantity quantity, double[] values) in quantities)
        {
            foreach (double value in values)
                sketch[quantity].Add(Quantities.ScaleOf(quantity).BucketOf(value), 1);
        }
        long missing = quantities.Max(q => q.Values.Length) - sketch.Count;
        sketch[Quantity.CustomerValue].Add(0, (int)missing);
        return new Population(1, sketch, [scheme]);
    }
}
