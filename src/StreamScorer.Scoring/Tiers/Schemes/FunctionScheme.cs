using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>
/// Direct function (profit) by indirect function (referrals, information): high-performing (both), selling (direct alone), networking (indirect alone),
/// low-performing (neither). The social function is reported beside it and decides nothing.
/// </summary>
public sealed class FunctionScheme(FunctionPolicy policy, SchemesPolicy schemes)
    : FourCellScheme(SchemeId.Function, SchemeName, [new("directFunction"), new("indirectFunction")], [Halves(policy.Direct), Halves(policy.Indirect)], policy,
        schemes, "high-performing", "selling", "networking", "low-performing")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "function";

    /// <inheritdoc/>
    protected override bool Measure(in CustomerSignals signals, ref readonly CustomerState state, Span<double> values)
    {
        values[0] = signals.DecayedProfit;
        values[1] = FunctionSignals.IndirectOf(in signals);
        return true;
    }
}
