using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>The usual loyalty programme: bounds on customer value in money [own].</summary>
public sealed class AbsoluteScheme(AbsolutePolicy policy, SchemesPolicy schemes)
    : AxisScheme(SchemeId.Absolute, SchemeName, [new("customerValue")],
        [AxisBounds.WithBand(policy.Bounds.AsSpan(), policy.BandShare, policy.BandMinimum)], policy, schemes, "platinum", "gold", "silver", "bronze")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "absolute";

    /// <inheritdoc/>
    protected override bool Measure(in CustomerSignals signals, ref readonly CustomerState state, Span<double> values)
    {
        values[0] = signals.CustomerValue;
        return true;
    }
}
