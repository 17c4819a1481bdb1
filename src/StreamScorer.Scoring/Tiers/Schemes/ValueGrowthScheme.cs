using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>
/// Current value by growth potential (Chen Mingliang 2002) against bounds in money. Secondary = current high, growth low; potential = the reverse (our reading).
/// The sources number the cells in opposite orders, so the numerals are never published.
/// </summary>
public sealed class ValueGrowthScheme(ValueGrowthPolicy policy, SchemesPolicy schemes)
    : FourCellScheme(SchemeId.ValueGrowth, SchemeName, [new("currentValue"), new("growthValue")], [Halves(policy.Current), Halves(policy.Growth)], policy, schemes,
        "high", "secondary", "potential", "low")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "value-growth";

    /// <summary>Group of secondary and potential.</summary>
    public const string General = "general";

    /// <inheritdoc/>
    public override string? GroupOf(byte tier) => tier is 2 or 3 ? General : null;

    /// <inheritdoc/>
    protected override bool Measure(in CustomerSignals signals, ref readonly CustomerState state, Span<double> values)
    {
        values[0] = ValueSignals.CurrentValueOf(in signals);
        values[1] = ValueSignals.GrowthValueOf(in signals);
        return true;
    }
}
