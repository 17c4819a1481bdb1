using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>
/// The customer pyramid (Zeithaml, Rust and Lemon 2002): the top 1 % by value are platinum, the next 4 % gold, the next 15 % iron, the others lead.
/// </summary>
public sealed class PyramidScheme(PyramidPolicy policy, SchemesPolicy schemes)
    : AxisScheme(SchemeId.Pyramid, SchemeName, [new(AxisSignal.CustomerValue)], null, policy, schemes, "platinum", "gold", "iron", "lead")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "pyramid";

    /// <inheritdoc/>
    public override AxisBounds[] Calibrate(Population population)
    {
        Distribution values = population[Quantity.CustomerValue];
        double[] rise = [.. policy.TopShares.Select(values.ValueAtTopShare)];
        double[] fall = [.. policy.TopShares.Select(share => values.ValueAtTopShare(Math.Min(1, share * policy.RankBand)))];
        return [new AxisBounds(rise, fall)];
    }
}
