using StreamScorer.Engine;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Worker.Hosting;

/// <summary>Writes what the engine reports to the log. Nothing per event.</summary>
internal sealed class EngineLog(ILogger<StreamEngine> logger) : IEngineObserver
{
    /// <inheritdoc/>
    public void TakenOver(int partition, int customers, long offset) => logger.PartitionTakenOver(partition, customers, offset);

    /// <inheritdoc/>
    public void TakeoverFailed(int partition, string error) => logger.TakeoverFailed(partition, error);

    /// <inheritdoc/>
    public void Committed(int partition, CommitOutcome outcome, int records)
    {
        if (outcome != CommitOutcome.Applied)
            logger.CommitNotApplied(partition, outcome);
    }

    /// <inheritdoc/>
    public void Interrupted(int partition, string error) => logger.PartitionInterrupted(partition, error);

    /// <inheritdoc/>
    public void GapAccepted(int partition, long from, long to) => logger.GapAccepted(partition, from, to);

    /// <inheritdoc/>
    public void PartitionerLearned(Engine.Source.PartitionerKind partitioner) => logger.PartitionerLearned(partitioner);

    /// <inheritdoc/>
    public void DeadLettersPaused(int partition) => logger.DeadLettersPaused(partition);

    /// <inheritdoc/>
    public void PopulationStale(string error) => logger.PopulationStale(error);

    /// <inheritdoc/>
    public void Released(int partition) => logger.PartitionReleased(partition);
}
