using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>Customer value by responsiveness: best (both), exotic (valuable but silent), fatal attraction (answers but brings little), ghost (neither).</summary>
public sealed class ValueResponseScheme(ValueResponsePolicy policy, SchemesPolicy schemes)
    : FourCellScheme(SchemeId.ValueResponse, SchemeName, [new(AxisSignal.CustomerValue), new(AxisSignal.ResponseDegree)], [Halves(policy.Value), Halves(policy.Response)], policy,
        schemes, "best", "exotic", "fatal-attraction", "ghost")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "value-response";
}
