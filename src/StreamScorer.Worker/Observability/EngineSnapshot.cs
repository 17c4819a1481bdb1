using StreamScorer.Engine;
using StreamScorer.Engine.Processing;

namespace StreamScorer.Worker.Observability;

/// <summary>The engine at one instant. All numbers belong together.</summary>
/// <param name="Partitions">Totals of every partition of the input; those never owned are zero.</param>
/// <param name="Positions">Where the owned partitions are.</param>
/// <param name="Rejections">Dead letters by reason.</param>
/// <param name="Published">Acknowledged entries by outbox kind, from kind 1.</param>
/// <param name="Transitions">Transitions and notices by kind.</param>
/// <param name="NowUnixMs">The instant, unix milliseconds.</param>
/// <param name="PopulationReadMs">When the population of other workers was read last, unix milliseconds.</param>
internal sealed record EngineSnapshot(
    IReadOnlyList<PartitionTotals> Partitions, IReadOnlyList<PartitionPosition> Positions, long[] Rejections, long[] Published,
    IReadOnlyList<KeyValuePair<TransitionKind, long>> Transitions, long NowUnixMs, long PopulationReadMs)
{
    /// <summary>Partitions that this worker has ever owned: the others would be rows of zeros.</summary>
    public IEnumerable<PartitionTotals> Touched => Partitions.Where(totals => totals.Claims + totals.ClaimFailures > 0);

    /// <summary>Owned and loaded partitions.</summary>
    public IEnumerable<PartitionTotals> Loaded => Positions.Where(position => position.IsLoaded).Select(position => Partitions[position.Partition]);

    /// <summary>Owned partitions whose place in the input is known, with the records behind the end of the input.</summary>
    public IEnumerable<(PartitionTotals Totals, long Records)> Lags =>
        from position in Positions
        let totals = Partitions[position.Partition]
        where totals.Offset >= 0 && position.EndOffset >= 0
        select (totals, Math.Max(0, position.EndOffset - totals.Offset));

    /// <summary>
    /// Age of the last committed record while records wait, seconds; 0 when caught up. Before the first record of a partition its age is unknown and counts as 0.
    /// </summary>
    public double LagSeconds(PartitionTotals totals, long records) =>
        records == 0 || totals.LastRecordTimestampMs <= 0 ? 0 : Math.Max(0, NowUnixMs - totals.LastRecordTimestampMs) / 1000.0;
}
