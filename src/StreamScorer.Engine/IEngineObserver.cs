using StreamScorer.Engine.Commit;

namespace StreamScorer.Engine;

/// <summary>What the engine tells its host, for logs and metrics. Called from many threads; must be quick and not throw.</summary>
public interface IEngineObserver
{
    /// <summary>A partition is loaded and takes records from <paramref name="offset"/> on.</summary>
    void TakenOver(int partition, int customers, long offset);

    /// <summary>A partition could not be taken over; it is tried again.</summary>
    void TakeoverFailed(int partition, string error);

    /// <summary>A partition owned here met a failure that passes by itself; its memory is discarded and it is taken over again.</summary>
    void Interrupted(int partition, string error) => TakeoverFailed(partition, error);

    /// <summary>A commit ended.</summary>
    void Committed(int partition, CommitOutcome outcome, int records);

    /// <summary>Other instances' part of the population could not be read; the last one known stays in use.</summary>
    void PopulationStale(string error);

    /// <summary>A partition is no longer processed here.</summary>
    void Released(int partition);
}
