using System.Diagnostics;
using System.Diagnostics.Metrics;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Worker.Observability;

/// <summary>Measures what takes time: commits and the way from an event to its published transition. The host's clock, because the engine has none.</summary>
internal sealed class EngineDurations(int partitionCount, TimeProvider time, LatencyWindow recent) : IEngineObserver
{
    private readonly long[] commitStarts = new long[partitionCount];

    /// <summary>Records in one commit.</summary>
    public Histogram<int>? BatchSize { get; set; }

    /// <summary>Time from sending a commit to its answer, seconds.</summary>
    public Histogram<double>? Commit { get; set; }

    /// <summary>Time from an event's broker timestamp to the acknowledged transition, seconds.</summary>
    public Histogram<double>? PublishLatency { get; set; }

    /// <summary>Longest lateness of a deadline in a commit, seconds.</summary>
    public Histogram<double>? TimerLateness { get; set; }

    /// <inheritdoc/>
    public void CommitStarting(int partition) => commitStarts[partition] = time.GetTimestamp();

    /// <inheritdoc/>
    public void Committed(int partition, CommitOutcome outcome, int records)
    {
        Commit?.Record(time.GetElapsedTime(commitStarts[partition]).TotalSeconds);
        if (outcome == CommitOutcome.Applied)
            BatchSize?.Record(records);
    }

    /// <inheritdoc/>
    public void Reported(in PartitionReport report)
    {
        if (report.Batch.TimersFired > 0)
            TimerLateness?.Record(report.Batch.TimerLatenessMaxMs / 1000.0);
    }

    /// <inheritdoc/>
    public void Published(int partition, IReadOnlyList<OutboxEntry> entries)
    {
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (OutboxEntry entry in entries)
        {
            if (entry.Kind != OutboxKind.Transition || entry.SourceTimestampMs <= 0)
                continue;
            double seconds = Math.Max(0, nowMs - entry.SourceTimestampMs) / 1000.0;
            recent.Add(seconds * 1000, nowMs);
            using Activity? trace = Tracing.StartTransition(entry, partition);
            PublishLatency?.Record(seconds);
        }
    }

    /// <inheritdoc/>
    public void TakenOver(int partition, int customers, long offset)
    {
    }

    /// <inheritdoc/>
    public void TakeoverFailed(int partition, string error)
    {
    }

    /// <inheritdoc/>
    public void PopulationStale(string error)
    {
    }

    /// <inheritdoc/>
    public void Released(int partition)
    {
    }
}
