using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Engine;

/// <summary>
/// The whole worker without its host: records in, state and transitions out, for the partitions that the source assigns. The same for every deployment.
/// </summary>
public sealed class StreamEngine(
    IEventSource source, IStateStore store, ITransitionSink sink, ScoringRules rules, EngineOptions options, IEngineObserver observer) : IPartitionOwner
{
    private readonly Lock gate = new();
    private readonly Dictionary<int, (PartitionAssignment Assignment, PartitionProcessor Processor, Task Running)> processors = [];
    private readonly TaskCompletionSource<Exception> failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineContext? context;
    private Task refreshing = Task.CompletedTask;

    /// <summary>Partitions processed here now.</summary>
    public IReadOnlyList<int> OwnedPartitions
    {
        get
        {
            lock (gate)
                return [.. processors.Keys.Order()];
        }
    }

    /// <summary>The same, and where each of them is at this moment.</summary>
    public IReadOnlyList<PartitionPosition> Positions
    {
        get
        {
            lock (gate)
                return [.. processors.Values.Select(entry => entry.Processor.Position)];
        }
    }

    /// <summary>Wall clock as of the last tick, unix milliseconds; 0 before the engine has connected.</summary>
    public long LastTickUnixMs => Volatile.Read(ref context)?.NowUnixMs ?? 0;

    /// <summary>Partitions of the input; 0 before the engine has connected.</summary>
    public int PartitionCount => Volatile.Read(ref context)?.PartitionCount ?? 0;

    /// <summary>Runs until <paramref name="stopping"/>, then drains, commits and leaves.</summary>
    /// <param name="nowUnixMs">Wall clock at the start; afterwards the host calls <see cref="Tick"/>.</param>
    /// <param name="stopping">Asks for the graceful end.</param>
    /// <exception cref="EventSourceException">The input cannot be used.</exception>
    /// <exception cref="TransitionSinkException">The output cannot be used.</exception>
    /// <exception cref="StateStoreException">The stored state cannot be used.</exception>
    public async Task RunAsync(long nowUnixMs, CancellationToken stopping)
    {
        int partitionCount = await source.OpenAsync(stopping).ConfigureAwait(false);
        await sink.OpenAsync(partitionCount, stopping).ConfigureAwait(false);
        var started = new EngineContext(source, store, sink, rules, options, observer, partitionCount);
        started.Tick(nowUnixMs);
        Volatile.Write(ref context, started);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task running = source.RunAsync(this, stop.Token);
        await Task.WhenAny(running, failed.Task).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        if (failed.Task.IsCompleted)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(await failed.Task.ConfigureAwait(false));
    }

    /// <summary>Tells the engine the time. The host calls it about ten times a second; nothing below it looks at a clock.</summary>
    /// <param name="nowUnixMs">Wall clock, unix milliseconds.</param>
    public void Tick(long nowUnixMs)
    {
        if (Volatile.Read(ref context) is not { } engine)
            return;
        bool second = engine.Tick(nowUnixMs);
        lock (gate)
        {
            foreach ((_, PartitionProcessor processor, _) in processors.Values)
                processor.Tick();
        }
        if (second && refreshing.IsCompleted)
            refreshing = RefreshPopulationAsync(engine);
    }

    /// <inheritdoc/>
    void IPartitionOwner.Assigned(IReadOnlyList<PartitionAssignment> assignments)
    {
        EngineContext engine = context!;
        lock (gate)
        {
            foreach (PartitionAssignment assignment in assignments)
            {
                engine.SetOwned(assignment.Partition, true);
                var processor = new PartitionProcessor(assignment, engine);
                processors[assignment.Partition] = (assignment, processor, RunToFailureAsync(processor));
            }
        }
    }

    /// <inheritdoc/>
    void IPartitionOwner.Revoked(IReadOnlyList<PartitionAssignment> assignments) => End(assignments, p => p.Drain());

    /// <inheritdoc/>
    void IPartitionOwner.Lost(IReadOnlyList<PartitionAssignment> assignments) => End(assignments, p => p.Drop());

    private void End(IReadOnlyList<PartitionAssignment> assignments, Action<PartitionProcessor> how)
    {
        var ending = new List<Task>();
        lock (gate)
        {
            foreach (PartitionAssignment assignment in assignments)
            {
                if (!processors.TryGetValue(assignment.Partition, out var entry) || entry.Assignment != assignment)
                    continue;
                processors.Remove(assignment.Partition);
                context!.SetOwned(assignment.Partition, false);
                how(entry.Processor);
                ending.Add(entry.Running);
            }
        }
        Task.WaitAll([.. ending]);
    }

    private async Task RunToFailureAsync(PartitionProcessor processor)
    {
        try
        {
            await processor.Start().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failed.TrySetResult(e);
        }
    }

    private async Task RefreshPopulationAsync(EngineContext engine)
    {
        try
        {
            // With every partition here there is nobody else's part to read.
            if (OwnedPartitions.Count < engine.PartitionCount)
                await engine.Board.RefreshAsync(store, engine.Owns, CancellationToken.None).ConfigureAwait(false);
            observer.PopulationRead();
        }
        catch (Exception e)
        {
            observer.PopulationStale(e.Message);
        }
    }
}
