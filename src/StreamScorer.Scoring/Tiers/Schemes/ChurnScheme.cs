using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>Bands of churn risk, best first [own bounds].</summary>
public sealed class ChurnScheme(ChurnPolicy policy, SchemesPolicy schemes)
    : AxisScheme(SchemeId.Churn, SchemeName, [new(AxisSignal.ChurnRisk, LowerIsBetter: true)],
        [AxisBounds.WithBand([-policy.Bounds[0], -policy.Bounds[1]], policy.BandShare, 0)], policy, schemes, "low", "medium", "high")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "churn";
}
