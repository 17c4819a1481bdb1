using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Tiers;

/// <summary>All schemes of the product. A new scheme is a file in <c>Schemes/</c>, a record in the policy and a line here.</summary>
public static class TierSchemes
{
    private static readonly (string Name, Func<SchemesPolicy, bool> IsEnabled, Func<SchemesPolicy, TierScheme> Build)[] all =
    [
        (PyramidScheme.SchemeName, p => p.Pyramid.Enabled, p => new PyramidScheme(p.Pyramid, p)),
        (AbsoluteScheme.SchemeName, p => p.Absolute.Enabled, p => new AbsoluteScheme(p.Absolute, p)),
        (RelativeValueScheme.SchemeName, p => p.RelativeValue.Enabled, p => new RelativeValueScheme(p.RelativeValue, p)),
        (ValueGrowthScheme.SchemeName, p => p.ValueGrowth.Enabled, p => new ValueGrowthScheme(p.ValueGrowth, p)),
        (CycleTicketScheme.SchemeName, p => p.CycleTicket.Enabled, p => new CycleTicketScheme(p.CycleTicket, p)),
        (ValueResponseScheme.SchemeName, p => p.ValueResponse.Enabled, p => new ValueResponseScheme(p.ValueResponse, p)),
        (ValueLoyaltyScheme.SchemeName, p => p.ValueLoyalty.Enabled, p => new ValueLoyaltyScheme(p.ValueLoyalty, p)),
        (FunctionScheme.SchemeName, p => p.Function.Enabled, p => new FunctionScheme(p.Function, p)),
        (RfmScheme.SchemeName, p => p.Rfm.Enabled, p => new RfmScheme(p.Rfm, p)),
        (ParetoScheme.SchemeName, p => p.Pareto.Enabled, p => new ParetoScheme(p.Pareto, p)),
        (ChurnScheme.SchemeName, p => p.Churn.Enabled, p => new ChurnScheme(p.Churn, p)),
        (LifecycleScheme.SchemeName, p => p.Lifecycle.Enabled, p => new LifecycleScheme(p.Lifecycle)),
    ];

    /// <summary>Names of all schemes, by rising <see cref="SchemeId"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. all.Select(scheme => scheme.Name)];

    /// <summary>Whether a policy switches a scheme on.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static bool IsEnabled(SchemesPolicy policy, string name) => all.First(scheme => scheme.Name == name).IsEnabled(policy);

    /// <summary>All schemes of a policy, switched on or not, by rising <see cref="SchemeId"/>.</summary>
    public static IReadOnlyList<TierScheme> BuildAll(SchemesPolicy policy) => [.. all.Select(scheme => scheme.Build(policy))];

    /// <summary>The schemes that a policy switches on, by rising <see cref="SchemeId"/>.</summary>
    public static IReadOnlyList<TierScheme> Build(SchemesPolicy policy) => [.. all.Where(scheme => scheme.IsEnabled(policy)).Select(scheme => scheme.Build(policy))];
}
