using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Processing;

namespace StreamScorer.Engine;

/// <summary>Where a partition stands after an applied commit and what that commit did. Taken between folds, so that all of it belongs together.</summary>
public readonly record struct PartitionReport
{
    /// <summary>Partition number, from 0.</summary>
    public required int Partition { get; init; }

    /// <summary>The counters before the commit; the same as after it when the partition was just taken over.</summary>
    public required PartitionCounters Before { get; init; }

    /// <summary>The meta as committed.</summary>
    public required PartitionMeta Meta { get; init; }

    /// <summary>Records folded, the unusable ones included.</summary>
    public required int Records { get; init; }

    /// <summary>Customers in memory.</summary>
    public required int Customers { get; init; }

    /// <summary>Deadlines armed.</summary>
    public required int TimersPending { get; init; }

    /// <summary>What the commit did.</summary>
    public required BatchTally Batch { get; init; }

    /// <summary>Customers by tier.</summary>
    public required TierCensus Tiers { get; init; }

    /// <summary>Expected against observed purchases since the partition was taken over.</summary>
    public required ModelCalibration Calibration { get; init; }
}

/// <summary>A partition as it is at the moment of asking, from outside of its processor.</summary>
/// <param name="Partition">Partition number, from 0.</param>
/// <param name="IsLoaded">Whether it is taken over and processed.</param>
/// <param name="EndOffset">Offset that the next appended record will get, or -1 while unknown.</param>
/// <param name="OutboxLength">Committed entries that the sink has not acknowledged.</param>
/// <param name="FoldingSinceMs">When the fold under way began, unix milliseconds by the engine's ticks; 0 between folds.</param>
public readonly record struct PartitionPosition(int Partition, bool IsLoaded, long EndOffset, int OutboxLength, long FoldingSinceMs)
{
    /// <summary>Since when it pauses because too many of its records could not be used, unix milliseconds; 0 while it goes on.</summary>
    public long PausedSinceMs { get; init; }
}
