using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>
/// Relative-value matrix (2003 paper on segmentation theory; its types IV, III, II, I): current value and growth value each against the population's mean,
/// total / N, and positive. Means, not shares: a negative total would turn the order of shares round. Growth is the uncapped one, the source's maximum growth.
/// </summary>
public sealed class RelativeValueScheme(RelativeValuePolicy policy, SchemesPolicy schemes)
    : FourCellScheme(SchemeId.RelativeValue, SchemeName, [new(AxisSignal.CurrentValue), new(AxisSignal.GrowthValueUncapped)], null, policy, schemes, "jade", "gold", "iron", "lead")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "relative-value";

    /// <summary>Group of jade and gold.</summary>
    public const string MostValuable = "most-valuable";

    /// <inheritdoc/>
    public override AxisBounds[] Calibrate(Population population) =>
        [BoundAt(population[Quantity.CurrentValue].Mean), BoundAt(population[Quantity.GrowthValue].Mean)];

    /// <inheritdoc/>
    public override string? GroupOf(byte tier) => tier is 1 or 2 ? MostValuable : null;

    // The smallest positive number as the bound asks for a positive value and nothing more.
    private AxisBounds BoundAt(double mean) => AxisBounds.WithBand([Math.Max(mean, double.Epsilon)], policy.BandShare, policy.BandMinimum);
}
