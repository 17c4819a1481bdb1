using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Worker.Observability;

/// <summary>Hands every call on to all observers, in order.</summary>
internal sealed class ObserverChain(params IReadOnlyList<IEngineObserver> observers) : IEngineObserver
{
    /// <inheritdoc/>
    public bool WantsTraceParents
    {
        get
        {
            for (int i = 0; i < observers.Count; i++)
                if (observers[i].WantsTraceParents)
                    return true;
            return false;
        }
    }

    /// <inheritdoc/>
    public void TakenOver(int partition, int customers, long offset) => Each(observer => observer.TakenOver(partition, customers, offset));

    /// <inheritdoc/>
    public void TakeoverFailed(int partition, string error) => Each(observer => observer.TakeoverFailed(partition, error));

    /// <inheritdoc/>
    public void Interrupted(int partition, string error) => Each(observer => observer.Interrupted(partition, error));

    /// <inheritdoc/>
    public void BatchStarting(int partition)
    {
        for (int i = 0; i < observers.Count; i++)
            observers[i].BatchStarting(partition);
    }

    /// <inheritdoc/>
    public void CommitStarting(int partition)
    {
        for (int i = 0; i < observers.Count; i++)
            observers[i].CommitStarting(partition);
    }

    /// <inheritdoc/>
    public void Committed(int partition, CommitOutcome outcome, int records)
    {
        for (int i = 0; i < observers.Count; i++)
            observers[i].Committed(partition, outcome, records);
    }

    /// <inheritdoc/>
    public void Reported(in PartitionReport report)
    {
        for (int i = 0; i < observers.Count; i++)
            observers[i].Reported(in report);
    }

    /// <inheritdoc/>
    public void Published(int partition, IReadOnlyList<OutboxEntry> entries) => Each(observer => observer.Published(partition, entries));

    /// <inheritdoc/>
    public void PopulationRead() => Each(observer => observer.PopulationRead());

    /// <inheritdoc/>
    public void PopulationStale(string error) => Each(observer => observer.PopulationStale(error));

    /// <inheritdoc/>
    public void Released(int partition) => Each(observer => observer.Released(partition));

    private void Each(Action<IEngineObserver> call)
    {
        foreach (IEngineObserver observer in observers)
            call(observer);
    }
}
