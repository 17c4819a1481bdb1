using StreamScorer.Engine.Processing;

namespace StreamScorer.Engine.Publish;

/// <summary>
/// Sends a partition's committed outbox entries to the sink in order, beside the processor, and remembers what is acknowledged so that a later commit trims it.
/// </summary>
internal sealed class PartitionPublisher : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Queue<OutboxEntry> pending = new();
    private readonly WorkSignal work = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task loop;
    private readonly int partition;
    private readonly EngineContext engine;
    private readonly Action acknowledged;
    private long pendingBytes;
    private long acknowledgedSeq;
    private long sinkPosition;
    private long reachedPosition = -1;
    private long leftSeq;
    private long formerSeq;

    /// <param name="partition">Partition of input and output.</param>
    /// <param name="engine">Where entries go, and how many at once.</param>
    /// <param name="publishedSeq">Sequence up to which everything is published already.</param>
    /// <param name="acknowledged">Called after every acknowledged batch, and when the sink failed for good.</param>
    public PartitionPublisher(int partition, EngineContext engine, long publishedSeq, Action acknowledged)
    {
        (this.partition, this.engine, this.acknowledged) = (partition, engine, acknowledged);
        acknowledgedSeq = publishedSeq;
        sinkPosition = -1;
        loop = RunAsync();
    }

    /// <summary>Entries handed over and not acknowledged.</summary>
    public int PendingCount
    {
        get
        {
            lock (gate)
                return pending.Count;
        }
    }

    /// <summary><see cref="OutboxEntry.SizeBytes"/> of those entries together.</summary>
    public long PendingBytes
    {
        get
        {
            lock (gate)
                return pendingBytes;
        }
    }

    /// <summary>Ends when stopped; faulted when the sink failed for good.</summary>
    public Task Completion => loop;

    /// <summary>Sequence up to which all is acknowledged, and the output position behind it (-1 = nothing was published here).</summary>
    public (long Seq, long SinkPosition) Acknowledged
    {
        get
        {
            lock (gate)
                return (acknowledgedSeq, sinkPosition);
        }
    }

    /// <summary>Takes over committed entries, by rising sequence.</summary>
    public void Enqueue(IReadOnlyList<OutboxEntry> entries)
    {
        if (entries.Count == 0)
            return;
        lock (gate)
        {
            foreach (OutboxEntry entry in entries)
            {
                pending.Enqueue(entry);
                pendingBytes += entry.SizeBytes;
            }
        }
        work.Set();
    }

    /// <summary>
    /// Goes on where a former owner ended. Until what it left is published, the position stays where it was: entries that are on the output behind one that is not
    /// cannot be trimmed yet, and an owner who reads from behind them would publish them again.
    /// </summary>
    /// <param name="unpublished">Loaded entries that are not on the output, by rising sequence.</param>
    /// <param name="lastSeq">Newest sequence in the store or on the output: what is below it and not loaded is published, or was abandoned.</param>
    /// <param name="position">End of the output when it was read back.</param>
    public void Resume(IReadOnlyList<OutboxEntry> unpublished, long lastSeq, long position)
    {
        lock (gate)
        {
            (formerSeq, reachedPosition) = (lastSeq, position);
            leftSeq = unpublished.Count > 0 ? unpublished[^1].Seq : 0;
            Acknowledge_NeedsLock(unpublished.Count > 0 ? unpublished[0].Seq - 1 : lastSeq, position);
        }
        Enqueue(unpublished);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        stopping.Cancel();
        work.Set();
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        stopping.Dispose();
    }

    private void Acknowledge_NeedsLock(long seq, long position)
    {
        acknowledgedSeq = Math.Max(acknowledgedSeq, seq);
        reachedPosition = Math.Max(reachedPosition, position);
        if (acknowledgedSeq >= leftSeq)
            (acknowledgedSeq, sinkPosition) = (Math.Max(acknowledgedSeq, formerSeq), reachedPosition);
    }

    private async Task RunAsync()
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                OutboxEntry[] batch;
                lock (gate)
                    batch = [.. pending.Take(engine.Options.PublishBatchMax)];
                // Not when they leave the queue: by then another thread has worked on them, and they have left this one's cache.
                long batchBytes = batch.Sum(entry => (long)entry.SizeBytes);
                if (batch.Length == 0)
                {
                    await work.WaitAsync();
                    work.Reset();
                    continue;
                }
                engine.Reached(EngineStep.PublishReady);
                ValueTask<long> sent = engine.Sink.PublishAsync(partition, batch, stopping.Token);
                engine.Reached(EngineStep.PublishSent);
                long position = await sent;
                engine.Reached(EngineStep.Published);
                lock (gate)
                {
                    for (int i = 0; i < batch.Length; i++)
                        pending.Dequeue();
                    pendingBytes -= batchBytes;
                    Acknowledge_NeedsLock(batch[^1].Seq, position);
                }
                engine.Observer.Published(partition, batch);
                acknowledged();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped with entries unsent: they stay in the store's outbox for the next owner.
        }
        finally
        {
            acknowledged();
        }
    }
}
