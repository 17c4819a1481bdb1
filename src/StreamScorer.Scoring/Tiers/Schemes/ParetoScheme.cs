using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>Pareto's law: vital are the few who together bring 80 % of the total transaction amount (positive parts), useful are the others.</summary>
public sealed class ParetoScheme(ParetoPolicy policy, SchemesPolicy schemes)
    : AxisScheme(SchemeId.Pareto, SchemeName, [new(AxisSignal.RevenueTotal)], null, policy, schemes, "vital", "useful")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "pareto";

    /// <inheritdoc/>
    public override AxisBounds[] Calibrate(Population population)
    {
        Distribution revenue = population[Quantity.Revenue];
        double rise = revenue.ValueAtTopShareOfTotal(policy.ShareOfTotal);
        return [new AxisBounds([rise], [revenue.ValueAtTopShareOfTotal(Math.Min(1, policy.ShareOfTotal * policy.ShareBand))])];
    }
}
