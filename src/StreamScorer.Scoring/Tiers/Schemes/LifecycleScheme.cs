using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>Stage of the relationship with a customer. The numbers are the scheme's tiers, best first.</summary>
public enum LifecycleStage : byte
{
    /// <summary>Not assessed yet.</summary>
    None = 0,

    /// <summary>Steady trade: the peak of the value curve.</summary>
    Maturity = 1,

    /// <summary>Trade rises.</summary>
    Growth = 2,

    /// <summary>The first purchases.</summary>
    Acquisition = 3,

    /// <summary>Known, but has never bought.</summary>
    Prospect = 4,

    /// <summary>Trade falls, or has probably ended.</summary>
    Decline = 5,

    /// <summary>Has almost certainly ended.</summary>
    Exited = 6,

    /// <summary>Costs more than it brings after the first period.</summary>
    Harmful = 7,
}

/// <summary>
/// Stage of the relationship: from P(alive), the profit trend and value. The order of the tiers is ours [own]; growth and maturity are of the same rank, because
/// both are healthy.
/// </summary>
public sealed class LifecycleScheme(LifecyclePolicy policy)
    : TierScheme(SchemeId.Lifecycle, SchemeName, "maturity", "growth", "acquisition", "prospect", "decline", "exited", "harmful")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "lifecycle";

    /// <inheritdoc/>
    public override void Step(ref SchemeState held, in CustomerSignals signals, ref readonly CustomerState state, Population population) =>
        held.Axis0 = (byte)StageOf((LifecycleStage)held.Axis0, in signals, in state);

    /// <inheritdoc/>
    public override int RankOf(byte tier) => (LifecycleStage)tier == LifecycleStage.Growth ? (int)LifecycleStage.Maturity : tier;

    /// <summary>The stage that follows on a held one.</summary>
    public LifecycleStage StageOf(LifecycleStage held, scoped in CustomerSignals signals, ref readonly CustomerState state)
    {
        // Who is not there any more harms nobody, so the end comes before the value.
        if (signals.HasEnded)
            return LifecycleStage.Exited;
        if (!signals.HasPurchases)
            return LifecycleStage.Prospect;
        if (Relationship.IsHarmful(in signals, policy))
            return LifecycleStage.Harmful;
        if (signals.AliveProbability < policy.ExitedAliveBelow)
            return LifecycleStage.Exited;
        if (signals.AliveProbability < policy.DeclineAliveBelow)
            return LifecycleStage.Decline;
        return state.PurchaseDays <= policy.NewPurchaseDays ? LifecycleStage.Acquisition : StageByTrend(held, signals.Trend);
    }

    /// <inheritdoc/>
    internal override double Headroom(in SchemeState held, in CustomerSignals signals, ref readonly CustomerState state)
    {
        var stage = (LifecycleStage)held.Axis0;
        if (stage == LifecycleStage.Decline)
            return signals.AliveProbability - policy.ExitedAliveBelow;
        double alive = signals.AliveProbability - policy.DeclineAliveBelow;
        return stage switch
        {
            LifecycleStage.Acquisition => alive,
            LifecycleStage.Growth => Math.Min(alive, signals.Trend - GrowthFrom(stage)),
            LifecycleStage.Maturity => Math.Min(alive, signals.Trend - DeclineFrom(stage)),
            _ => double.PositiveInfinity,
        };
    }

    // The band widens the held stage, so that a trend that trembles around a bound does not flap.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LifecycleStage StageByTrend(LifecycleStage held, double trend) =>
        trend > GrowthFrom(held) ? LifecycleStage.Growth : trend < DeclineFrom(held) ? LifecycleStage.Decline : LifecycleStage.Maturity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double GrowthFrom(LifecycleStage held) => 1 + policy.TrendMargin + (held == LifecycleStage.Growth ? -policy.TrendBand : policy.TrendBand);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double DeclineFrom(LifecycleStage held) => 1 - policy.TrendMargin + (held == LifecycleStage.Decline ? policy.TrendBand : -policy.TrendBand);
}
