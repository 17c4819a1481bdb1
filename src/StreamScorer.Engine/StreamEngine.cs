using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Engine;

/// <summary>
/// The whole worker without its host: records in, state and transitions out, for the partitions that the source assigns. The same for every deployment.
/// </summary>
/// <param name="source">Where records come from.</param>
/// <param name="store">Where state lives.</param>
/// <param name="sink">Where transitions go.</param>
/// <param name="rules">The policy's rules.</param>
/// <param name="options">Limits.</param>
/// <param name="observer">Told what happens, for logs and metrics.</param>
/// <param name="reached">Told each step that a partition reaches, so that tests can end or stop the process exactly there; null in operation.</param>
/// <param name="scheduler">
/// Runs the partitions' loops; null = the thread pool. Every continuation stays on it (no <c>ConfigureAwait(false)</c> here), so that a simulation can run a
/// whole engine on one thread, in an order of its choice.
/// </param>
public sealed class StreamEngine(
    IEventSource source,
    IStateStore store,
    ITransitionSink sink,
    ScoringRules rules,
    EngineOptions options,
    IEngineObserver observer,
    Action<EngineStep>? reached = null,
    TaskScheduler? scheduler = null) : IPartitionOwner
{
    private readonly Lock gate = new();
    private readonly Dictionary<int, (PartitionAssignment Assignment, PartitionProcessor Processor, Task Running)> processors = [];
    private readonly TaskCompletionSource<Exception> failed = new();
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

    /// <summary>The rules in force: those of the start, or those activated last.</summary>
    public ScoringRules Rules => Volatile.Read(ref context)?.Policy.Rules ?? rules;

    /// <summary>
    /// Puts another policy in force while running. Every partition takes it over between two commits, and re-scores its customers in chunks with cause
    /// <c>policy</c>; a crash in between goes on with it when the worker starts with the same policy.
    /// </summary>
    /// <param name="next">The rules of a higher version, with the same schemes, badge and accumulating constants.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="PortException">The store cannot be reached.</exception>
    public async Task<PolicyActivation> ActivatePolicyAsync(ScoringRules next, CancellationToken cancellation)
    {
        ScoringPolicy present = Rules.Policy;
        if (next.Policy.Version == present.Version && PolicyFile.Format(next.Policy) == PolicyFile.Format(present))
            return new(PolicyOutcome.Unchanged);
        if (Volatile.Read(ref context) is not { } engine)
            return new(PolicyOutcome.Refused, "The worker is not connected yet; try again when it is.");
        string? refusal = StoredPolicy.RefusedWhileRunning(engine.Policy.Rules, next) ?? await StoredPolicy.RegisterAsync(store, next.Policy, cancellation);
        if (refusal is not null)
            return new(PolicyOutcome.Refused, refusal);
        lock (gate)
        {
            if (engine.Policy.Rules.Policy.Version >= next.Policy.Version)
                return new(PolicyOutcome.Refused, $"Policy {engine.Policy.Rules.Policy.Version} was activated meanwhile.");
            engine.Activate(next);
        }
        return new(PolicyOutcome.Accepted);
    }

    /// <summary>Runs until <paramref name="stopping"/>, then drains, commits and leaves.</summary>
    /// <param name="nowUnixMs">Wall clock at the start; afterwards the host calls <see cref="Tick"/>.</param>
    /// <param name="stopping">Asks for the graceful end.</param>
    /// <exception cref="EventSourceException">The input cannot be used.</exception>
    /// <exception cref="TransitionSinkException">The output cannot be used.</exception>
    /// <exception cref="StateStoreException">The stored state cannot be used.</exception>
    public async Task RunAsync(long nowUnixMs, CancellationToken stopping)
    {
        int partitionCount = await source.OpenAsync(stopping);
        await sink.OpenAsync(partitionCount, stopping);
        if (await StoredPolicy.RegisterAsync(store, rules.Policy, stopping) is { } otherContent)
            throw new StateStoreException(otherContent);
        AppRecord app = await StartAppAsync(partitionCount, nowUnixMs, stopping);
        var started = new EngineContext(source, store, sink, rules, options, observer, partitionCount, app, scheduler ?? TaskScheduler.Default, reached);
        started.Tick(nowUnixMs);
        Volatile.Write(ref context, started);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task running = source.RunAsync(this, stop.Token);
        await Task.WhenAny(running, failed.Task);
        stop.Cancel();
        await running;
        if (failed.Task.IsCompleted)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(await failed.Task);
    }

    /// <summary>Tells the engine the time. The host calls it some forty times a second; nothing below it looks at a clock.</summary>
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
            refreshing = RefreshAsync(engine);
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
                Task running = processor.Start();
                processors[assignment.Partition] = (assignment, processor, running);
                _ = WatchAsync(running);
            }
        }
    }

    /// <inheritdoc/>
    void IPartitionOwner.Revoked(IReadOnlyList<PartitionAssignment> assignments) =>
        context!.Start(() => RevokeAsync(assignments)).Wait();

    /// <inheritdoc/>
    void IPartitionOwner.Lost(IReadOnlyList<PartitionAssignment> assignments) =>
        context!.Start(() => LoseAsync(assignments)).Wait();

    /// <summary>What <see cref="IPartitionOwner.Revoked"/> waits for.</summary>
    internal Task RevokeAsync(IReadOnlyList<PartitionAssignment> assignments) => EndAsync(assignments, p => p.Drain());

    /// <summary>What <see cref="IPartitionOwner.Lost"/> waits for.</summary>
    internal Task LoseAsync(IReadOnlyList<PartitionAssignment> assignments) => EndAsync(assignments, p => p.Drop());

    // A partition is ticked until its end: the limit of its drain is an instant like every other.
    private async Task EndAsync(IReadOnlyList<PartitionAssignment> assignments, Action<PartitionProcessor> how)
    {
        var ending = new List<(int Partition, Task Running)>();
        lock (gate)
        {
            foreach (PartitionAssignment assignment in assignments)
            {
                if (!processors.TryGetValue(assignment.Partition, out var entry) || entry.Assignment != assignment)
                    continue;
                context!.SetOwned(assignment.Partition, false);
                how(entry.Processor);
                ending.Add((assignment.Partition, entry.Running));
            }
        }
        foreach ((int partition, Task running) in ending)
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            lock (gate)
                processors.Remove(partition);
        }
    }

    private async Task WatchAsync(Task running)
    {
        try
        {
            await running;
        }
        catch (Exception e)
        {
            failed.TrySetResult(e);
        }
    }

    // The state must belong to this input; with --rebuild it is made to.
    private async Task<AppRecord> StartAppAsync(int partitionCount, long nowUnixMs, CancellationToken stopping)
    {
        AppRecord app = await store.ReadOrCreateAppAsync(source.Topic, partitionCount, RecordLayout.Own, stopping);
        if (!options.Rebuild)
        {
            StartChecks.Application(app, source.Topic, partitionCount);
            return app;
        }
        bool samePartitions = app.Topic == source.Topic && app.PartitionCount == partitionCount;
        AppRecord next = app with { Topic = source.Topic, PartitionCount = partitionCount, Layout = RecordLayout.IsRead(app.Layout) ? app.Layout : RecordLayout.Own };
        next = samePartitions ? next : next with { Partitioner = PartitionerKind.Unknown };
        if (!await store.ReplaceAppAsync(next, stopping))
            throw new StateStoreException("Another worker is changing the state's shared record; start again.") { IsTransient = true };
        await StateRebuild.RunAsync(source, store, partitionCount, samePartitions, nowUnixMs, stopping);
        return next with { Revision = next.Revision + 1 };
    }

    private async Task LearnPartitionerAsync(EngineContext engine)
    {
        PartitionerKind learned = engine.Placement.Learned;
        if (engine.Placement.Enforced != PartitionerKind.Unknown || learned == PartitionerKind.Unknown)
            return;
        // Enforced only once it is agreed on, else two workers could hold different rules for it.
        if (engine.App.Partitioner == PartitionerKind.Unknown)
            await store.ReplaceAppAsync(engine.App with { Partitioner = learned }, CancellationToken.None);
        engine.App = await store.ReadOrCreateAppAsync(source.Topic, engine.PartitionCount, RecordLayout.Own, CancellationToken.None);
        engine.Placement.Enforced = engine.App.Partitioner;
        observer.PartitionerLearned(engine.App.Partitioner);
    }

    private async Task RefreshAsync(EngineContext engine)
    {
        try
        {
            await LearnPartitionerAsync(engine);
            // Somebody may have ended the pause by the command, in another process.
            if (Positions.Any(position => position.PausedSinceMs != 0))
                engine.App = await store.ReadOrCreateAppAsync(source.Topic, engine.PartitionCount, RecordLayout.Own, CancellationToken.None);
            // With every partition here there is nobody else's part to read.
            if (OwnedPartitions.Count < engine.PartitionCount)
                await engine.Policy.Board.RefreshAsync(store, engine.Owns, CancellationToken.None);
            observer.PopulationRead();
        }
        catch (Exception e)
        {
            observer.PopulationStale(e.Message);
        }
    }
}
