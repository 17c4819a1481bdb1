using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>
/// Direct function (profit) by indirect function (referrals, information): high-performing (both), selling (direct alone), networking (indirect alone),
/// low-performing (neither). The social function is reported beside it and decides nothing.
/// </summary>
public sealed class FunctionScheme(FunctionPolicy policy, SchemesPolicy schemes)
    : FourCellScheme(SchemeId.Function, SchemeName, [new(AxisSignal.DirectFunction), new(AxisSignal.IndirectFunction)], [Halves(policy.Direct), Halves(policy.Indirect)], policy,
        schemes, "high-performing", "selling", "networking", "low-performing")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "function";
}
