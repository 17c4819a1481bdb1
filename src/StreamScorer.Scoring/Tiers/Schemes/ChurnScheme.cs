using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>Bands of churn risk, best first [own bounds].</summary>
public sealed class ChurnScheme(ChurnPolicy policy, SchemesPolicy schemes)
    : AxisScheme(SchemeId.Churn, SchemeName, [new("churnRisk", LowerIsBetter: true)],
        [AxisBounds.WithBand([-policy.Bounds[0], -policy.Bounds[1]], policy.BandShare, 0)], policy, schemes, "low", "medium", "high")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "churn";

    /// <inheritdoc/>
    protected override bool Measure(in CustomerSignals signals, ref readonly CustomerState state, Span<double> values)
    {
        values[0] = -signals.ChurnRisk;
        return true;
    }
}
