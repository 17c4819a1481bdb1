using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Engine;

/// <summary>What the processors of one engine share.</summary>
internal sealed class EngineContext(
    IEventSource source,
    IStateStore store,
    ITransitionSink sink,
    ScoringRules rules,
    EngineOptions options,
    IEngineObserver observer,
    int partitionCount,
    Action<EngineStep>? reached)
{
    private readonly bool[] owned = new bool[partitionCount];
    private TaskCompletionSource retry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long nowUnixMs;
    private long retryMs;

    public IEventSource Source => source;

    public IStateStore Store => store;

    public ITransitionSink Sink => sink;

    public ScoringRules Rules => rules;

    public EngineOptions Options => options;

    public IEngineObserver Observer => observer;

    public int PartitionCount => partitionCount;

    public string Topic => source.Topic;

    public PopulationBoard Board { get; } = new(rules, partitionCount);

    /// <summary>Wall clock as of the last tick, unix milliseconds.</summary>
    public long NowUnixMs => Volatile.Read(ref nowUnixMs);

    public bool Owns(int partition) => Volatile.Read(ref owned[partition]);

    public void SetOwned(int partition, bool isOwned) => Volatile.Write(ref owned[partition], isOwned);

    /// <summary>A partition has reached a step.</summary>
    public void Reached(EngineStep step) => reached?.Invoke(step);

    /// <summary>Ends at the first tick of the next second.</summary>
    public Task NextRetryAsync(CancellationToken cancellation) => Volatile.Read(ref retry).Task.WaitAsync(cancellation);

    public bool Tick(long now)
    {
        Volatile.Write(ref nowUnixMs, now);
        if (now - retryMs < 1000)
            return false;
        retryMs = now;
        Interlocked.Exchange(ref retry, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return true;
    }
}
