using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;

namespace StreamScorer.Engine;

/// <summary>
/// What the engine tells its host, for logs, metrics and traces. Called from many threads, for one partition never by two at once except
/// <see cref="Published"/>; must be quick and not throw. Durations are the observer's to measure: the engine has no clock.
/// </summary>
public interface IEngineObserver
{
    /// <summary>Whether the trace contexts of incoming records are wanted in <see cref="PartitionReport.Batch"/>.</summary>
    bool WantsTraceParents => false;

    /// <summary>A partition is loaded and takes records from <paramref name="offset"/> on.</summary>
    void TakenOver(int partition, int customers, long offset);

    /// <summary>A partition could not be taken over; it is tried again.</summary>
    void TakeoverFailed(int partition, string error);

    /// <summary>Records between two offsets are missing and were given up, as asked for.</summary>
    void GapAccepted(int partition, long from, long to)
    {
    }

    /// <summary>How producers choose partitions is learned and enforced from now on.</summary>
    void PartitionerLearned(PartitionerKind partitioner)
    {
    }

    /// <summary>Too many records of a partition could not be used: it pauses, and then tries one batch.</summary>
    void DeadLettersPaused(int partition)
    {
    }

    /// <summary>A partition that was processed here met a failure that passes by itself; its memory is discarded and it is taken over again.</summary>
    void Interrupted(int partition, string error) => TakeoverFailed(partition, error);

    /// <summary>The next fold of a partition begins; most lead to nothing, those that change something to a commit.</summary>
    void BatchStarting(int partition)
    {
    }

    /// <summary>The fold is done and its commit goes to the store.</summary>
    void CommitStarting(int partition)
    {
    }

    /// <summary>A commit ended.</summary>
    void Committed(int partition, CommitOutcome outcome, int records);

    /// <summary>Where a partition stands: once it is taken over, and after every applied commit.</summary>
    /// <param name="report">Its buffers are valid during the call only.</param>
    void Reported(in PartitionReport report)
    {
    }

    /// <summary>The sink has acknowledged entries.</summary>
    void Published(int partition, IReadOnlyList<OutboxEntry> entries)
    {
    }

    /// <summary>The population on the board is as fresh as the store has it.</summary>
    void PopulationRead()
    {
    }

    /// <summary>Other instances' part of the population could not be read; the last one known stays in use.</summary>
    void PopulationStale(string error);

    /// <summary>A partition is no longer processed here.</summary>
    void Released(int partition);
}
