using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>
/// Recency, frequency and monetary value by the population's quintiles. Score 5 is the best fifth, position 1. Many customers have the same last day or, within
/// 1 %, the same frequency: equals share the middle of their ranks and so always have the same score, at the price of quintiles that are not quite fifths.
/// The named cells are ours [own].
/// </summary>
public sealed class RfmScheme(RfmPolicy policy, SchemesPolicy schemes)
    : AxisScheme(SchemeId.Rfm, SchemeName, [new(AxisSignal.LastPurchaseDay), new(AxisSignal.RfmFrequency), new(AxisSignal.RfmMonetary)], null, policy, schemes,
        "champions", "loyal", "promising", "new", "attention", "at-risk", "hibernating", "lost")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "rfm";

    private static readonly double[] quintiles = [0.2, 0.4, 0.6, 0.8];

    // By recency score 5..1, then by the mean of frequency and monetary score 5..1, rounded half up.
    private static ReadOnlySpan<byte> Cells =>
    [
        1, 1, 3, 3, 4,
        1, 2, 3, 3, 4,
        2, 2, 5, 5, 5,
        6, 6, 7, 7, 7,
        6, 6, 8, 8, 8,
    ];

    /// <inheritdoc/>
    public override byte TierOf(in SchemeState held) =>
        held.Axis0 == 0 ? (byte)0 : Cells[(held.Axis0 - 1) * 5 + (held.Axis1 + held.Axis2) / 2 - 1];

    /// <inheritdoc/>
    public override AxisBounds[] Calibrate(Population population) =>
        [Quintiles(population[Quantity.LastPurchaseDay]), Quintiles(population[Quantity.Frequency]), Quintiles(population[Quantity.Monetary])];

    private AxisBounds Quintiles(Distribution distribution) => new(
        [.. quintiles.Select(distribution.MidRankBound)],
        [.. quintiles.Select(share => distribution.MidRankBound(Math.Min(1, share * policy.RankBand)))]);
}
