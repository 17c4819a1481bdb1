using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>The usual loyalty programme: bounds on customer value in money [own].</summary>
public sealed class AbsoluteScheme(AbsolutePolicy policy) : TierScheme(SchemeId.Absolute, SchemeName, "platinum", "gold", "silver", "bronze")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "absolute";

    private readonly AxisBounds bounds =
        AxisBounds.WithBand(policy.Bounds.AsSpan(), policy.BandShare, policy.BandMinimum, (long)(policy.GraceDays * BusinessCalendar.DayMs));

    /// <inheritdoc/>
    public override long GraceMs => (long)(policy.GraceDays * BusinessCalendar.DayMs);

    /// <inheritdoc/>
    public override void Step(ref SchemeState held, in CustomerSignals signals, ref readonly CustomerState state, Population population)
    {
        if (signals.HasPurchases)
            bounds.Step(ref held.Axis0, ref held.Grace0, signals.CustomerValue, signals.AtMs);
    }
}
