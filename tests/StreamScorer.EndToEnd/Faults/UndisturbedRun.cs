using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Testing.Log;
using StreamScorer.Testing.State;
using StreamScorer.Worker.Hosting;
using StreamScorer.Worker.Replay;

namespace StreamScorer.EndToEnd.Faults;

/// <summary>The real engine over a log and a store in memory: what comes of the same records when nothing goes wrong.</summary>
internal sealed class UndisturbedRun(int partitions) : IEngineObserver
{
    private static readonly EngineOptions options = new()
    {
        Clock = ClockMode.Event,
        RecalibrationIntervalMs = 86_400_000,
        PublishSchemes = ["absolute", "churn", "lifecycle"],
    };

    private readonly InMemoryEventLog log = new(partitions);

    /// <summary>The policy that ships with the worker.</summary>
    public static ScoringRules Rules { get; } = PolicyLoader.Load("");

    /// <summary>Offsets by partition.</summary>
    public OffsetRange[] Ranges => [.. Enumerable.Range(0, partitions).Select(log.Offsets)];

    /// <summary>Appends a record.</summary>
    public void Append(int partition, byte[]? key, byte[] value, long timestampMs) => log.Append(partition, key, value, timestampMs);

    /// <summary>Scores everything appended so far from the beginning.</summary>
    public async Task<Outcome> OutcomeAsync(CancellationToken cancellation)
    {
        var copy = new InMemoryEventLog(partitions);
        for (int partition = 0; partition < partitions; partition++)
            foreach (InMemoryRecord record in log.Input(partition))
                copy.Append(partition, record.Key, record.Value, record.TimestampMs);
        var store = new InMemoryStateStore();
        await using InMemoryLogMember member = copy.Connect();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task running = EngineRunner.RunAsync(new StreamEngine(member, store, member, Rules, options, this), TimeProvider.System, stop.Token);
        await new ReplayWatch(store, partitions, TimeProvider.System).WaitAsync(Ranges, _ => { }, cancellation);
        await stop.CancelAsync();
        await running;
        return await Outcome.ReadAsync(Rules, store, member, partitions, cancellation);
    }

    void IEngineObserver.TakenOver(int partition, int customers, long offset)
    {
    }

    void IEngineObserver.TakeoverFailed(int partition, string error)
    {
    }

    void IEngineObserver.Committed(int partition, CommitOutcome outcome, int records)
    {
    }

    void IEngineObserver.PopulationStale(string error)
    {
    }

    void IEngineObserver.Released(int partition)
    {
    }
}
