using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>Customer value by responsiveness: best (both), exotic (valuable but silent), fatal attraction (answers but brings little), ghost (neither).</summary>
public sealed class ValueResponseScheme(ValueResponsePolicy policy, SchemesPolicy schemes)
    : FourCellScheme(SchemeId.ValueResponse, SchemeName, [new("customerValue"), new("responseDegree")], [Halves(policy.Value), Halves(policy.Response)], policy,
        schemes, "best", "exotic", "fatal-attraction", "ghost")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "value-response";

    /// <inheritdoc/>
    protected override bool Measure(in CustomerSignals signals, ref readonly CustomerState state, Span<double> values)
    {
        values[0] = signals.CustomerValue;
        values[1] = DegreeSignals.ResponseDegreeOf(in signals);
        return true;
    }
}
