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
    AppRecord app,
    TaskScheduler scheduler,
    Action<EngineStep>? reached)
{
    private readonly bool[] owned = new bool[partitionCount];
    private readonly bool[] takenOver = new bool[partitionCount];
    private PolicyInForce policy = new(rules, new PopulationBoard(rules, partitionCount));
    private long nowUnixMs;
    private long secondStartMs;
    private long seconds;

    public IEventSource Source => source;

    public IStateStore Store => store;

    public ITransitionSink Sink => sink;

    /// <summary>The policy that every partition takes over at the start of its next batch.</summary>
    public PolicyInForce Policy
    {
        get => Volatile.Read(ref policy);
        private set => Volatile.Write(ref policy, value);
    }

    public EngineOptions Options => options;

    public IEngineObserver Observer => observer;

    public int PartitionCount => partitionCount;

    public string Topic => source.Topic;

    /// <summary>What all workers on the store share, as last read.</summary>
    public AppRecord App { get; set; } = app;

    /// <summary>Layout that records are written in, agreed on when this engine began: to raise it in between would gain nothing.</summary>
    public int Layout { get; } = app.Layout;

    /// <summary>Which records lie in their partition.</summary>
    public KeyPlacement Placement { get; } = new(partitionCount) { Enforced = app.Partitioner };

    /// <summary>Wall clock as of the last tick, unix milliseconds.</summary>
    public long NowUnixMs => Volatile.Read(ref nowUnixMs);

    public bool Owns(int partition) => Volatile.Read(ref owned[partition]);

    public void SetOwned(int partition, bool isOwned) => Volatile.Write(ref owned[partition], isOwned);

    /// <summary>Whether a partition has not been taken over in this process yet.</summary>
    public bool IsFirstTakeover(int partition) => !takenOver[partition];

    public void TakenOver(int partition) => takenOver[partition] = true;

    /// <summary>Puts other rules in force.</summary>
    public void Activate(ScoringRules next) => Policy = new PolicyInForce(next, Policy.Board.Under(next));

    /// <summary>A partition has reached a step.</summary>
    public void Reached(EngineStep step) => reached?.Invoke(step);

    /// <summary>Seconds that have begun since the start.</summary>
    public long Seconds => Volatile.Read(ref seconds);

    /// <summary>Starts a loop; all its continuations stay on the engine's scheduler.</summary>
    public Task Start(Func<Task> loop) =>
        Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    /// <summary>Takes the time; true when a second has begun. A clock that went back begins one too, else everything would wait until it has caught up.</summary>
    public bool Tick(long now)
    {
        Volatile.Write(ref nowUnixMs, now);
        if (now >= secondStartMs && now - secondStartMs < 1000)
            return false;
        secondStartMs = now;
        Volatile.Write(ref seconds, seconds + 1);
        return true;
    }
}
