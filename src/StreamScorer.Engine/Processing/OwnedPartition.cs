using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// A partition from its takeover until its memory is discarded: folds into memory, commits, hands over to the publisher. After a commit that was not applied it must
/// not be used any more, because memory is then ahead of the store.
/// </summary>
internal sealed class OwnedPartition
{
    private const long HourMs = 3_600_000;

    // Customers that a live sweep looks at before records have their turn: a third of a millisecond. All partitions sweep at the same instants, so that a record
    // would else wait for a whole chunk of each of them.
    private const int SweepSlice = 128;
    private readonly int partition;
    private readonly PartitionMemory memory;
    private readonly PartitionPublisher publisher;
    private readonly IPartitionStore store;
    private readonly EngineContext engine;
    private readonly DeadLetterBreaker breaker;
    private PolicyInForce policy;
    private PartitionFold fold;
    private Sweeper sweeper;
    private int folded;
    private bool live;
    private bool trimIsDue;
    private long sketchSharedMs;
    private long sweptAtMs;

    public OwnedPartition(int partition, PartitionMemory memory, PartitionPublisher publisher, IPartitionStore store, EngineContext engine)
    {
        (this.partition, this.memory, this.publisher, this.store, this.engine) = (partition, memory, publisher, store, engine);
        breaker = new DeadLetterBreaker(engine.Options);
        policy = engine.Policy;
        live = memory.Meta.IsLive && engine.Options.Clock == ClockMode.Wall;
        (fold, sweeper) = Under(policy);
    }

    /// <summary>Next source offset to fold.</summary>
    public long Offset => memory.Meta.Offset > fold.Offset ? memory.Meta.Offset : fold.Offset;

    /// <summary>Fence of the last applied write.</summary>
    public Fence Fence => memory.Meta.Fence;

    /// <summary>Customers held.</summary>
    public int CustomerCount => memory.Table.Count;

    /// <summary>
    /// False while committed entries wait to be published in such number, or of such size, that one more batch may not find room. An empty outbox always has room,
    /// else a batch larger than the outbox would wait for ever.
    /// </summary>
    public bool HasOutboxRoom
    {
        get
        {
            int pending = publisher.PendingCount;
            return pending == 0
                || (pending + engine.Options.BatchSizeMax * engine.Options.OutboxReservePerRecord <= engine.Options.OutboxMax
                    && publisher.PendingBytes + engine.Options.CommitBytesMax <= engine.Options.OutboxBytesMax);
        }
    }

    /// <summary>Whether records may be folded: false while too many of them could not be used.</summary>
    public bool MayRead => breaker.Allows(engine.NowUnixMs, engine.App.ResumedAtMs);

    /// <summary>Since when it pauses for its unusable records, unix milliseconds; 0 while it goes on. Asked from any thread.</summary>
    public long PausedSinceMs => breaker.PausedSinceMs;

    /// <summary>Whether the commit under construction has a slice of a live sweep. It takes no second one, and whoever waits for a thread comes before the next.</summary>
    public bool SweptWhileLive { get; private set; }

    /// <summary>True when the commit under construction has its fill.</summary>
    public bool IsFull => fold.EndsCommit || SweptWhileLive || folded >= engine.Options.BatchSizeMax || fold.ChangedCount >= engine.Options.BatchSizeMax;

    /// <summary>Time of the event that <see cref="FoldRecords"/> stopped before, or <see cref="long.MinValue"/>.</summary>
    public long WaitingEventMs => fold.WaitingEventMs;

    /// <summary>Whether there is anything to write.</summary>
    public bool NeedsCommit => fold.HasChanges || trimIsDue;

    /// <summary>Gives a new partition its first offset and output position, so that a crash before the first batch starts at the same place.</summary>
    /// <param name="isMoved">Whether the takeover has moved the offset, over a gap that was accepted.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<bool> SetStartAsync(bool isMoved, CancellationToken cancellation)
    {
        if (memory.Meta.Offset >= 0 && !isMoved)
            return true;
        if (memory.Meta.Offset < 0)
        {
            OffsetRange offsets = await engine.Source.GetOffsetsAsync(partition, cancellation);
            memory.Meta = memory.Meta with { Offset = offsets.Low };
        }
        Begin();
        return await CommitAsync(cancellation);
    }

    /// <summary>Starts the next commit, under the policy in force. Memory and store agree now: what follows is decided by one policy as a whole.</summary>
    public void Begin()
    {
        if (engine.Policy is var inForce && inForce != policy)
        {
            policy = inForce;
            memory.Use(policy.Rules);
            (fold, sweeper) = Under(policy);
        }
        engine.Observer.BatchStarting(partition);
        fold.Tally.WantsTraceParents = engine.Observer.WantsTraceParents;
        fold.Begin();
        folded = 0;
        SweptWhileLive = false;
        trimIsDue = publisher.PendingCount == 0 && publisher.Acknowledged.Seq > memory.Meta.PublishedSeq;
    }

    /// <summary>
    /// Lets the wall clock move a caught-up partition's clock. Only once event times have come near to now: a historical import that pauses must not jump to today.
    /// </summary>
    public void FollowWallClock(bool caughtUp)
    {
        if (IsLive() && caughtUp && memory.Meta.ClockMs != long.MinValue)
            fold.AdvanceClock(engine.NowUnixMs - engine.Options.IdleGraceMs);
    }

    /// <summary>Folds records from <paramref name="from"/>; returns the index of the first one left.</summary>
    public int FoldRecords(RecordBatch batch, int from)
    {
        sweeper.Follow(fold.ClockMs);
        int until = fold.FoldRecords(
            batch, from, engine.Options.BatchSizeMax - folded, engine.NowUnixMs, policy.Board.Current,
            sweeper.Running && IsNearPresent ? long.MaxValue : sweeper.StopBeforeMs);
        folded += until - from;
        return until;
    }

    /// <summary>Fires due timers, then does a chunk of a due sweep. Returns whether there is more to do at once.</summary>
    /// <param name="waitingMs">Instant that a record waits behind, or <see cref="long.MinValue"/>.</param>
    public bool FoldSilence(long waitingMs)
    {
        sweeper.Follow(fold.ClockMs);
        fold.ArmChanged();
        int changed = fold.ChangedCount;
        bool more = fold.FoldTimers(policy.Board.Current);
        if (fold.ChangedCount > changed)
            engine.Reached(EngineStep.TimersFired);
        long clockMs = Math.Max(fold.ClockMs, waitingMs);
        if (!sweeper.IsDue(clockMs))
            return more;
        if (!IsNearPresent || sweeper.Rescores)
        {
            sweeper.Step(clockMs, fold, Measured, engine.Options.BatchSizeMax * 8);
        }
        else if (TakeSlice() is > 0 and int slice)
        {
            SweptWhileLive = true;
            sweeper.Step(clockMs, fold, Measured, slice);
        }
        else
        {
            return more;
        }
        engine.Reached(EngineStep.Swept);
        return true;
    }

    // One a tick: a sweep over millions would else keep every core from the events for seconds, and several in a row for as long as all partitions take them.
    private int TakeSlice()
    {
        if (sweptAtMs == engine.NowUnixMs && !sweeper.StartsPhase)
            return 0;
        sweptAtMs = engine.NowUnixMs;
        return Math.Min(SweepSlice, engine.Options.BatchSizeMax);
    }

    // A stream of the present, not a history that is being imported on the way to it.
    private bool IsNearPresent => engine.Options.Clock == ClockMode.Wall && fold.ClockMs > engine.NowUnixMs - HourMs;

    /// <summary>Puts the partition's sketch on the board, for this instance's partitions.</summary>
    public Population Measured() => policy.Board.Put(partition, memory.Sketch.Copy());

    /// <summary>
    /// The commit. False when it was not applied: memory must be discarded.
    /// </summary>
    public async Task<bool> CommitAsync(CancellationToken cancellation)
    {
        // 1. Close the write. A crash here leaves the store as it was: the records are read again.
        ShareSketchNowAndThen();
        (long publishedSeq, long sinkPosition) = publisher.Acknowledged;
        PartitionCommit commit = fold.Seal(publishedSeq, sinkPosition, IsLive());
        engine.Reached(commit.TrimThroughSeq > 0 ? EngineStep.TrimReady : EngineStep.CommitReady);

        // 2. Write state, offset, outbox, ring and trim as one. A crash right after it leaves a state that has consumed the records, and an outbox that the next
        //    owner reads back and publishes.
        engine.Observer.CommitStarting(partition);
        ValueTask<CommitOutcome> sent = store.CommitAsync(commit, cancellation);
        engine.Reached(EngineStep.CommitSent);
        CommitOutcome outcome = await sent;
        engine.Observer.Committed(partition, outcome, folded);
        if (outcome == CommitOutcome.StoreLost)
        {
            throw new StateStoreException($"Partition {partition}: the store has lost the state that this worker wrote (it was flushed, or is another server). "
                + "Restore it; or build the state anew from the input: run --rebuild.");
        }
        if (outcome != CommitOutcome.Applied)
            return false;
        engine.Reached(EngineStep.CommitApplied);

        // 3. Memory and store agree again. A crash from here on is the same as one after step 2.
        PartitionCounters before = memory.Meta.Counters;
        memory.Meta = commit.Next;
        trimIsDue = false;
        Report(before);
        if (breaker.Observe(before, memory.Meta.Counters, engine.NowUnixMs))
            engine.Observer.DeadLettersPaused(partition);

        // 4. Hand the new entries to the publisher. A crash after they are sent and before a later commit trims them is what reading back is for.
        publisher.Enqueue(commit.Outbox);

        // 5. Tell lag tools. Nothing is ever read from it.
        engine.Source.ReportProgress(partition, memory.Meta.Offset);
        return true;
    }

    /// <summary>Tells the observer where the partition stands.</summary>
    public void Report() => Report(memory.Meta.Counters);

    private void Report(PartitionCounters before) => engine.Observer.Reported(new PartitionReport
    {
        Partition = partition,
        Before = before,
        Meta = memory.Meta,
        Records = folded,
        Customers = memory.Table.Count,
        TimersPending = memory.Wheel.Count,
        Batch = fold.Tally,
        Tiers = memory.Tiers,
        Calibration = memory.Calibration,
    });

    // Once is enough: the clock never goes back.
    private bool IsLive() => live |= IsNearPresent;

    private (PartitionFold Fold, Sweeper Sweeper) Under(PolicyInForce inForce)
    {
        ScoringRules rules = inForce.Rules;
        var formatter = new OutboxFormatter(engine.Topic, partition, rules, engine.Options);
        var folding = new PartitionFold(partition, memory, rules, engine.Options, formatter, engine.Placement) { Layout = engine.Layout };
        return (folding, new Sweeper(memory, engine.Options, rules.Policy.Version));
    }

    // Other instances read the sketch from the store; once a second is as fresh as they need it.
    private void ShareSketchNowAndThen()
    {
        if (!fold.HasChanges || engine.NowUnixMs - sketchSharedMs < 1000)
            return;
        fold.Commit.PutPopulation(memory.Sketch.Encode());
        Measured();
        sketchSharedMs = engine.NowUnixMs;
    }
}
