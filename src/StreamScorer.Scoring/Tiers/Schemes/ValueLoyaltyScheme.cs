using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>
/// Decayed profit (the source's current cash flow) by behavioural loyalty: golden (both), at risk (valuable, not loyal), marginal (loyal, little value), and
/// those who need no more service than they get.
/// </summary>
public sealed class ValueLoyaltyScheme(ValueLoyaltyPolicy policy, SchemesPolicy schemes)
    : FourCellScheme(SchemeId.ValueLoyalty, SchemeName, [new(AxisSignal.DecayedProfit), new(AxisSignal.LoyaltyBehaviour)], [Halves(policy.Value), Halves(policy.Loyalty)], policy,
        schemes, "golden", "at-risk", "marginal", "dont-over-service")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "value-loyalty";
}
