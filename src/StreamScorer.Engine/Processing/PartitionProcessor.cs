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
    private readonly WorkSignal work = new();
    private readonly CancellationTokenSource ending = new();
    private readonly CancellationTokenSource dropped = new();
    private readonly int partition = assignment.Partition;
    private volatile bool draining;
    private long drainUntilMs = long.MaxValue;
    private Task<bool>? recordsReadable;
    private Task<bool>? workSignalled;
    private RecordBatch? batch;
    private int batchCursor;
    private bool owning;

    /// <summary>Starts it. The task ends when the assignment has ended; it faults on what nobody can go on from.</summary>
    public Task Start() => Task.Run(RunAsync);

    /// <summary>Time went on: the engine's present instant has moved.</summary>
    public void Tick()
    {
        if (engine.NowUnixMs >= Volatile.Read(ref drainUntilMs))
            dropped.Cancel();
        work.Set();
    }

    /// <summary>Stop taking records, finish what is committed, publish it, and end; at the latest after the engine's <c>RevokeDrainMaxMs</c>.</summary>
    public void Drain()
    {
        Volatile.Write(ref drainUntilMs, engine.NowUnixMs + engine.Options.RevokeDrainMaxMs);
        End();
    }

    /// <summary>Somebody else owns the partition: end without writing anything more.</summary>
    public void Drop()
    {
        dropped.Cancel();
        End();
    }

    private void End()
    {
        draining = true;
        // Whoever does not own yet has nothing to drain, and must not wait for a server that is away.
        ending.Cancel();
        work.Set();
    }

    private async Task RunAsync()
    {
        try
        {
            await using IPartitionStore store = await engine.Store.OpenPartitionAsync(partition, ending.Token).ConfigureAwait(false);
            int failures = 0;
            while (!draining)
            {
                owning = false;
                if (await TryOwnAsync(store).ConfigureAwait(false))
                    break;
                failures = owning ? 1 : failures + 1;
                // Trying again at once would fight a newer owner, or hammer a server that is down.
                await engine.PauseAsync(failures, ending.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (draining)
        {
            // Ended before there was anything to drain, or lost: whatever was under way is another owner's now.
        }
        finally
        {
            batch?.Dispose();
            engine.Observer.Released(partition);
        }
    }

    // True when the assignment has ended; false when the partition must be taken over again.
    private async Task<bool> TryOwnAsync(IPartitionStore store)
    {
        try
        {
            (TakenPartition? taken, string? error) = await Takeover.RunAsync(store, partition, engine, ending.Token).ConfigureAwait(false);
            if (taken is not null)
                return await OwnAsync(store, taken).ConfigureAwait(false);
            engine.Observer.TakeoverFailed(partition, error ?? "unknown");
        }
        catch (PortException e) when (e.IsTransient)
        {
            if (owning)
                engine.Observer.Interrupted(partition, e.Message);
            else
                engine.Observer.TakeoverFailed(partition, e.Message);
        }
        return false;
    }

    private async Task<bool> OwnAsync(IPartitionStore store, TakenPartition taken)
    {
        await using var publisher = new PartitionPublisher(partition, engine, taken.Memory.Meta.PublishedSeq, work.Set);
        publisher.SkipThrough(taken.SkipThroughSeq, taken.SinkPosition);
        publisher.Enqueue(taken.Unpublished);
        var owned = new OwnedPartition(partition, taken.Memory, publisher, store, engine);
        await engine.Board.RefreshAsync(engine.Store, engine.Owns, ending.Token).ConfigureAwait(false);
        owned.Measured();
        if (!await owned.SetStartAsync(ending.Token).ConfigureAwait(false))
            return false;
        batch?.Dispose();
        batch = null;
        assignment.StartAt(owned.Offset);
        owning = true;
        engine.Observer.TakenOver(partition, owned.CustomerCount, owned.Offset);
        while (!draining)
        {
            // A publication that failed may have been accepted in part: only reading the output back tells which entries are left.
            if (publisher.Completion.IsFaulted)
                await publisher.Completion.ConfigureAwait(false);
            bool worked = Fold(owned);
            if (owned.NeedsCommit && !await owned.CommitAsync(dropped.Token).ConfigureAwait(false))
                return false;
            if (!worked)
                await WaitAsync(forRecords: batch is null && owned.HasOutboxRoom).ConfigureAwait(false);
        }
        return await DrainAsync(owned, publisher).ConfigureAwait(false);
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
            more = owned.FoldSilence(batch is null ? long.MinValue : owned.WaitingEventMs) || batch is not null;
            worked |= folded || more;
        }
        return worked;
    }

    private bool FoldRecords(OwnedPartition owned)
    {
        bool worked = false;
        while (!owned.IsFull && (batch is not null || TakeBatch()))
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
        recordsReadable ??= assignment.Records.WaitToReadAsync(CancellationToken.None).AsTask();
        workSignalled ??= work.WaitAsync().AsTask();
        // A queue that was completed stays readable for ever too; from then on only the signal counts.
        bool ended = recordsReadable.IsCompleted && !await recordsReadable.ConfigureAwait(false);
        await Task.WhenAny(workSignalled, forRecords && !ended ? recordsReadable : workSignalled).ConfigureAwait(false);
        if (!ended && recordsReadable.IsCompleted)
            recordsReadable = await recordsReadable.ConfigureAwait(false) ? null : recordsReadable;
        if (workSignalled.IsCompleted)
        {
            work.Reset();
            workSignalled = null;
        }
    }

    private async Task<bool> DrainAsync(OwnedPartition owned, PartitionPublisher publisher)
    {
        engine.Reached(EngineStep.Revoked);
        while (publisher.PendingCount > 0 && !dropped.IsCancellationRequested && !publisher.Completion.IsCompleted)
            await WaitAsync(forRecords: false).ConfigureAwait(false);
        if (!dropped.IsCancellationRequested)
        {
            owned.Begin();
            await owned.CommitAsync(dropped.Token).ConfigureAwait(false);
        }
        engine.Reached(EngineStep.Drained);
        return true;
    }
}
