using System.Text;
using System.Text.Json;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;
using StreamScorer.Testing.Log;
using StreamScorer.Testing.State;

namespace StreamScorer.Engine.Tests;

/// <summary>The real engine over the in-memory log and store, with an event clock: append records, run to their end, look at what came out.</summary>
internal sealed class EngineRun : IEngineObserver
{
    /// <summary>Wall clock of all runs: later than every event that is not meant to be in the future.</summary>
    public static readonly long NowUnixMs = DateTimeOffset.Parse("2026-11-01T00:00:00Z").ToUnixTimeMilliseconds();

    private static readonly ScoringPolicy Policy = new();
    private readonly TaskCompletionSource learned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EngineRun(int partitions = 1, EngineOptions? options = null)
    {
        Log = new InMemoryEventLog(partitions) { TellsProgress = true };
        Options = options ?? new EngineOptions
        {
            Clock = ClockMode.Event,
            RecalibrationIntervalMs = BusinessCalendar.DayMs,
            PublishSchemes = ["pyramid", "absolute", "churn", "lifecycle"],
        };
    }

    public static ScoringRules Rules { get; } = new(Policy);

    /// <summary>The rules that the engine starts with.</summary>
    public ScoringRules StartRules { get; init; } = Rules;

    /// <summary>The engine, once it was started.</summary>
    public StreamEngine? Engine { get; private set; }

    public InMemoryEventLog Log { get; init; }

    public InMemoryStateStore Store { get; init; } = new();

    public EngineOptions Options { get; }

    public Action<EngineStep>? Reached { get; init; }

    public List<CommitOutcome> Outcomes { get; } = [];

    /// <summary>Failures that the engine got over by itself; null = there must be none.</summary>
    public List<string>? Failures { get; init; }

    /// <summary>Told the number of failures so far.</summary>
    public Action<int>? Failed { get; set; }

    /// <summary>Puts something between the engine and its output; null = nothing.</summary>
    public Func<ITransitionSink, ITransitionSink>? Sink { get; init; }

    /// <summary>Called with every report; its buffers are valid during the call only.</summary>
    public Action<PartitionReport> OnReport { get; init; } = _ => { };

    public bool WantsTraceParents { get; init; }

    /// <summary>Another run on the same log and store, as after a restart.</summary>
    public EngineRun Again(EngineOptions? options = null, ScoringRules? rules = null, long? startMs = null, Func<EngineRun, bool>? until = null) =>
        new(Log.PartitionCount, options ?? Options) { Log = Log, Store = Store, StartRules = rules ?? StartRules, StartMs = startMs ?? StartMs, Until = until };

    /// <summary>Told when a partition pauses for its unusable records, and how many records it had consumed.</summary>
    public Action<EngineRun, long>? OnPaused { get; init; }

    /// <summary>Wall clock at the start, unix milliseconds.</summary>
    public long StartMs { get; init; } = NowUnixMs;

    /// <summary>What else must be true before the run ends, asked after every commit; null = nothing.</summary>
    public Func<EngineRun, bool>? Until { get; init; }

    /// <summary>Whether the run also lasts until the rule of the producers is learned.</summary>
    public bool UntilLearned { get; init; }

    public void Append(string json, string? key, int partition = 0, params KeyValuePair<string, byte[]?>[] headers) =>
        Log.Append(partition, key is null ? null : Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(json), NowUnixMs, RecordHeaders.Pack(headers));

    public void Purchase(string customer, string id, string time, decimal amount, int partition = 0) => Append(
        $$"""{"customerId":"{{customer}}","id":"{{id}}","time":"{{time}}","type":"purchase","amount":{{amount}}}""", customer, partition);

    public void Clock(string time)
    {
        for (int partition = 0; partition < Log.PartitionCount; partition++)
            Append($$"""{"type":"clock","time":"{{time}}"}""", null, partition);
    }

    /// <summary>Told every tick, a second of the run's clock.</summary>
    public Action OnTick { get; init; } = () => { };

    /// <summary>Runs an engine until everything appended is committed and published, then stops it gracefully.</summary>
    public Task<EngineRun> ToEndAsync() => UntilAsync(UntilLearned ? Task.WhenAll(done.Task, learned.Task) : done.Task);

    /// <summary>Runs an engine until <paramref name="reached"/>, then stops it gracefully.</summary>
    public async Task<EngineRun> UntilAsync(Task reached)
    {
        await using InMemoryLogMember member = Log.Connect();
        using var stopping = new CancellationTokenSource();
        var engine = new StreamEngine(member, Store, Sink?.Invoke(member) ?? member, StartRules, Options, this, Reached);
        Engine = engine;
        Task running = engine.RunAsync(StartMs, stopping.Token);
        using var ticking = new CancellationTokenSource();
        Task ticks = TickAsync(engine, StartMs, OnTick, ticking.Token);
        await Task.WhenAny(reached, running).WaitAsync(TimeSpan.FromSeconds(60));
        await stopping.CancelAsync();
        await running;
        await ticking.CancelAsync();
        await ticks;
        return this;
    }

    public IEnumerable<JsonElement> Transitions(string? scheme = null)
    {
        for (int partition = 0; partition < Log.PartitionCount; partition++)
        {
            foreach (PublishedRecord record in Log.Transitions(partition).Where(r => r.Value is not null))
            {
                JsonElement data = JsonDocument.Parse(record.Value!).RootElement.GetProperty("data");
                // What tells an erasure has no scheme.
                if (data.TryGetProperty("scheme", out JsonElement of) && (scheme is null || of.GetString() == scheme))
                    yield return data;
            }
        }
    }

    public async Task<PartitionMeta> MetaAsync(int partition = 0) => (await Store.ReadMetaAsync(partition, default))!.Value;

    public async Task<CustomerState> CustomerAsync(string id, int partition = 0)
    {
        StoredCustomer stored = (await Store.ReadCustomerAsync(partition, Encoding.UTF8.GetBytes(id), default))!;
        Assert.True(CustomerState.TryRead(stored.Hot, out CustomerState state));
        return state;
    }

    void IEngineObserver.Committed(int partition, CommitOutcome outcome, int records)
    {
        lock (Outcomes)
            Outcomes.Add(outcome);
        EndIfDone();
    }

    void IEngineObserver.Reported(in PartitionReport report) => OnReport(report);

    void IEngineObserver.DeadLettersPaused(int partition) =>
        OnPaused?.Invoke(this, Store.ReadMetaAsync(partition, default).AsTask().GetAwaiter().GetResult()!.Value.Counters.Consumed);

    void IEngineObserver.PartitionerLearned(Source.PartitionerKind partitioner) => learned.TrySetResult();

    void IEngineObserver.TakenOver(int partition, int customers, long offset) => EndIfDone();

    void IEngineObserver.TakeoverFailed(int partition, string error)
    {
        if (Failures is null)
        {
            done.TrySetException(new InvalidOperationException(error));
            return;
        }
        Failures.Add(error);
        Failed?.Invoke(Failures.Count);
    }

    void IEngineObserver.PopulationStale(string error) => done.TrySetException(new InvalidOperationException(error));

    void IEngineObserver.Released(int partition) { }

    private static async Task TickAsync(StreamEngine engine, long nowUnixMs, Action ticked, CancellationToken ending)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            // A second a tick, so that pauses are short.
            while (await timer.WaitForNextTickAsync(ending))
            {
                engine.Tick(nowUnixMs += 1_000);
                ticked();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void EndIfDone()
    {
        if (Enumerable.Range(0, Log.PartitionCount).All(IsDone) && Until?.Invoke(this) != false)
            done.TrySetResult();
    }

    private bool IsDone(int partition)
    {
        PartitionMeta meta = Store.ReadMetaAsync(partition, default).AsTask().GetAwaiter().GetResult() ?? PartitionMeta.Empty;
        return meta.Offset == Log.Offsets(partition).End && meta.PublishedSeq == meta.OutboxSeq;
    }
}
