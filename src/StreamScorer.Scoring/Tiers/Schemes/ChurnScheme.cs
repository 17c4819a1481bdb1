using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>Bands of churn risk, best first. Lower is better, so risk and bounds are compared negated [own bounds].</summary>
public sealed class ChurnScheme : TierScheme
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "churn";

    private readonly AxisBounds bounds;

    /// <param name="policy">Bounds on churn risk.</param>
    public ChurnScheme(ChurnPolicy policy)
        : base(SchemeId.Churn, SchemeName, "low", "medium", "high")
    {
        double[] rise = [-policy.Bounds[0], -policy.Bounds[1]];
        bounds = AxisBounds.WithBand(rise, policy.BandShare, 0, (long)(policy.GraceDays * BusinessCalendar.DayMs));
    }

    /// <inheritdoc/>
    public override long GraceMs => bounds.GraceMs;

    /// <inheritdoc/>
    public override void Step(ref SchemeState held, in CustomerSignals signals, ref readonly CustomerState state, Population population)
    {
        if (signals.HasPurchases)
            bounds.Step(ref held.Axis0, ref held.Grace0, -signals.ChurnRisk, signals.AtMs);
    }
}
