using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>The usual loyalty programme: bounds on customer value in money [own].</summary>
public sealed class AbsoluteScheme(AbsolutePolicy policy, SchemesPolicy schemes)
    : AxisScheme(SchemeId.Absolute, SchemeName, [new(AxisSignal.CustomerValue)],
        [AxisBounds.WithBand(policy.Bounds.AsSpan(), policy.BandShare, policy.BandMinimum)], policy, schemes, "platinum", "gold", "silver", "bronze")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "absolute";
}
