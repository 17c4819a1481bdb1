using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// The one writer of a partition while this instance owns it: take over, then fold what is there, commit, publish, again. Everything awaits between folds,
/// never within one. What fails for a while is tried again for as long as it takes; meanwhile nothing is read, so that memory does not grow.
/// </summary>
internal sealed class PartitionProcessor(PartitionAssignment assignment, EngineContext engine)
{
    private const int PauseMaxS = 5;
    private const int IdleLookS = 5;
    private readonly WorkSignal work = new();
    private readonly CancellationTokenSource ending = new();
    private readonly CancellationTokenSource dropped = new();
    private readonly CancellationTokenSource drainLimit = new();
    private readonly int partition = assignment.Partition;
    private volatile bool draining;
    private long nextLookS;
    private volatile PartitionPublisher? publishing;
    private volatile OwnedPartition? processed;
    private long foldingSinceMs;
    private long drainStartMs = long.MaxValue;
    private Task<bool>? recordsReadable;
    private Task<bool>? workSignalled;
    private RecordBatch? batch;
    private int batchCursor;

    /// <summary>Where it is now; asked from any thread.</summary>
    public PartitionPosition Position =>
        new(partition, publishing is not null, assignment.EndOffset, publishing?.PendingCount ?? 0, Volatile.Read(ref foldingSinceMs)) { PausedSinceMs = processed?.PausedSinceMs ?? 0 };

    /// <summary>Starts it. The task ends when the assignment has ended; it faults on what nobody can go on from.</summary>
    public Task Start() => engine.Start(RunAsync);

    /// <summary>Time went on: the engine's present instant has moved.</summary>
    public void Tick()
    {
        if (draining && DrainIsOver())
            drainLimit.Cancel();
        work.Set();
    }

    /// <summary>Stop taking records, finish what is committed, publish it, and end.</summary>
    public void Drain()
    {
        draining = true;
        // Whoever does not own yet has nothing to drain, and must not wait for a server that is away.
        ending.Cancel();
        work.Set();
    }

    /// <summary>Somebody else owns the partition: end without writing anything more.</summary>
    public void Drop()
    {
        draining = true;
        ending.Cancel();
        dropped.Cancel();
        drainLimit.Cancel();
        work.Set();
    }

    private async Task RunAsync()
    {
        try
        {
            await using IPartitionStore store = await engine.Store.OpenPartitionAsync(partition, ending.Token);
            int failures = 0;
            while (!draining)
            {
                bool ended = await TryOwnAsync(store);
                failures = publishing is null ? failures + 1 : 1;
                publishing = null;
                processed = null;
                if (!ended)
                    await PauseAsync(failures);
            }
        }
        catch (OperationCanceledException) when (draining)
        {
            // Ended before there was anything to drain, or lost: whatever was under way is another owner's now.
        }
        finally
        {
            publishing = null;
            batch?.Dispose();
            engine.Observer.Released(partition);
        }
    }

    // A clock that goes back begins the drain anew, else a partition could be held for as long as the jump.
    private bool DrainIsOver()
    {
        drainStartMs = Math.Min(drainStartMs, engine.NowUnixMs);
        return engine.NowUnixMs - drainStartMs >= engine.Options.RevokeDrainMaxMs;
    }

    // True when the assignment has ended; false when memory must be discarded and the partition taken over again.
    private async Task<bool> TryOwnAsync(IPartitionStore store)
    {
        string? error;
        try
        {
            (TakenPartition? taken, error) = await Takeover.RunAsync(store, partition, engine, ending.Token);
            if (taken is not null)
                return await OwnAsync(store, taken);
        }
        catch (PortException e) when (e.IsTransient)
        {
            error = e.Message;
        }
        if (publishing is null)
            engine.Observer.TakeoverFailed(partition, error ?? "unknown");
        else if (error is not null)
            engine.Observer.Interrupted(partition, error);
        return false;
    }

    private async Task<bool> OwnAsync(IPartitionStore store, TakenPartition taken)
    {
        await using var publisher = new PartitionPublisher(partition, engine, taken.Memory.Meta.PublishedSeq, work.Set);
        publisher.Resume(taken.Unpublished, taken.TailSeq, taken.SinkPosition);
        var owned = new OwnedPartition(partition, taken.Memory, publisher, store, engine);
        await engine.Policy.Board.RefreshAsync(engine.Store, engine.Owns, ending.Token);
        owned.Measured();
        if (!await owned.SetStartAsync(taken.IsMoved, ending.Token))
            return false;
        batch?.Dispose();
        batch = null;
        assignment.StartAt(owned.Offset);
        engine.Observer.TakenOver(partition, owned.CustomerCount, owned.Offset);
        owned.Report();
        publishing = publisher;
        processed = owned;
        while (!draining)
        {
            // A publication that failed may have been accepted in part: only reading the output back tells which entries are left.
            if (publisher.Completion.IsFaulted)
                await publisher.Completion;
            Volatile.Write(ref foldingSinceMs, engine.NowUnixMs);
            bool worked = Fold(owned);
            Volatile.Write(ref foldingSinceMs, 0);
            if (owned.NeedsCommit && !await owned.CommitAsync(drainLimit.Token))
                return false;
            if (owned.SweptWhileLive)
                await Task.Yield();
            if (worked)
                continue;
            if (await StoreMovedAsync(owned))
                return false;
            await WaitAsync(forRecords: batch is null && owned.HasOutboxRoom && owned.MayRead);
        }
        return await DrainAsync(owned, publisher);
    }

    // A store that went back tells nobody: a partition without records would stay with what is no longer stored until the next one comes.
    private async Task<bool> StoreMovedAsync(OwnedPartition owned)
    {
        if (engine.Seconds < nextLookS)
            return false;
        nextLookS = engine.Seconds + IdleLookS;
        try
        {
            return (await engine.Store.ReadMetaAsync(partition, drainLimit.Token))?.Fence != owned.Fence;
        }
        catch (PortException e) when (e.IsTransient)
        {
            return false;
        }
        catch (OperationCanceledException) when (draining)
        {
            return false;
        }
    }

    // Folds what there is into one commit. Returns whether anything was folded, so that there may be more at once.
    private bool Fold(OwnedPartition owned)
    {
        owned.Begin();
        owned.FollowWallClock(caughtUp: batch is null && assignment.EndOffset >= 0 && owned.Offset >= assignment.EndOffset);
        if (!owned.HasOutboxRoom)
            return false;
        bool worked = false, more = true;
        while (more && !owned.IsFull)
        {
            bool folded = FoldRecords(owned);
            more = owned.FoldSilence(batch is null ? long.MinValue : owned.WaitingEventMs) || (batch is not null && owned.MayRead);
            worked |= folded || more;
        }
        return worked;
    }

    private bool FoldRecords(OwnedPartition owned)
    {
        bool worked = false;
        while (!owned.IsFull && owned.MayRead && (batch is not null || TakeBatch()))
        {
            int from = batchCursor;
            batchCursor = owned.FoldRecords(batch!, from);
            worked |= batchCursor > from;
            if (batchCursor < batch!.Count)
                break;
            batch.Dispose();
            batch = null;
        }
        return worked;
    }

    private bool TakeBatch()
    {
        batchCursor = 0;
        if (!assignment.TryRead(out batch))
            return false;
        engine.Reached(EngineStep.Polled);
        return true;
    }

    // Waiting for records that cannot be taken yet would not wait at all: they stay readable.
    private async Task WaitAsync(bool forRecords)
    {
        recordsReadable ??= ReadableAsync();
        workSignalled ??= work.WaitAsync();
        // A queue that was completed stays readable for ever too; from then on only the signal counts.
        bool ended = recordsReadable.IsCompleted && !await recordsReadable;
        await Task.WhenAny(workSignalled, forRecords && !ended ? recordsReadable : workSignalled);
        if (!ended && recordsReadable.IsCompleted)
            recordsReadable = await recordsReadable ? null : recordsReadable;
        if (workSignalled.IsCompleted)
        {
            work.Reset();
            workSignalled = null;
        }
    }

    // Not AsTask(), whose continuation would leave the engine's scheduler.
    private async Task<bool> ReadableAsync() => await assignment.Records.WaitToReadAsync(CancellationToken.None);

    // Trying again at once would fight a newer owner, or hammer a server that is down. The pause doubles with every failure in a row: 1, 2, 4, then 5 seconds.
    private async Task PauseAsync(int failures)
    {
        long until = engine.Seconds + (failures > 3 ? PauseMaxS : 1 << (failures - 1));
        while (!draining && engine.Seconds < until)
        {
            await work.WaitAsync();
            work.Reset();
        }
    }

    private async Task<bool> DrainAsync(OwnedPartition owned, PartitionPublisher publisher)
    {
        engine.Reached(EngineStep.Revoked);
        while (publisher.PendingCount > 0 && !drainLimit.IsCancellationRequested && !publisher.Completion.IsCompleted)
        {
            await work.WaitAsync();
            work.Reset();
        }
        if (!dropped.IsCancellationRequested)
        {
            owned.Begin();
            await owned.CommitAsync(drainLimit.Token);
        }
        engine.Reached(EngineStep.Drained);
        return true;
    }
}
