using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>
/// Current value by growth potential (Chen Mingliang 2002) against bounds in money. Secondary = current high, growth low; potential = the reverse (our reading).
/// The sources number the cells in opposite orders, so the numerals are never published.
/// </summary>
public sealed class ValueGrowthScheme(ValueGrowthPolicy policy, SchemesPolicy schemes)
    : FourCellScheme(SchemeId.ValueGrowth, SchemeName, [new(AxisSignal.CurrentValue), new(AxisSignal.GrowthValue)], [Halves(policy.Current), Halves(policy.Growth)], policy, schemes,
        "high", "secondary", "potential", "low")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "value-growth";

    /// <summary>Group of secondary and potential.</summary>
    public const string General = "general";

    /// <inheritdoc/>
    public override string? GroupOf(byte tier) => tier is 2 or 3 ? General : null;
}
