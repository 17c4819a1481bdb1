using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Tiers;

/// <summary>All schemes of the product. A new scheme is a file in <c>Schemes/</c>, an entry in the policy and a line here.</summary>
public static class TierSchemes
{
    /// <summary>Names of all schemes.</summary>
    public static IReadOnlyList<string> Names { get; } = [PyramidScheme.SchemeName, AbsoluteScheme.SchemeName, ChurnScheme.SchemeName, LifecycleScheme.SchemeName];

    /// <summary>The schemes that a policy switches on, by rising <see cref="SchemeId"/>.</summary>
    public static IReadOnlyList<TierScheme> Build(ScoringRules rules)
    {
        SchemesPolicy policy = rules.Policy.Schemes;
        var schemes = new List<TierScheme>();
        if (policy.Pyramid.Enabled)
            schemes.Add(new PyramidScheme(policy));
        if (policy.Absolute.Enabled)
            schemes.Add(new AbsoluteScheme(policy.Absolute));
        if (policy.Churn.Enabled)
            schemes.Add(new ChurnScheme(policy.Churn));
        if (policy.Lifecycle.Enabled)
            schemes.Add(new LifecycleScheme(policy.Lifecycle));
        return schemes;
    }
}
