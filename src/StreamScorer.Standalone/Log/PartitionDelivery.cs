using System.Threading.Channels;
using StreamScorer.Engine.Source;

namespace StreamScorer.Standalone.Log;

/// <summary>Delivers one partition. It sleeps until something is appended, a start is requested or the queue has room; it never polls.</summary>
internal sealed class PartitionDelivery
{
    private readonly StandaloneLog log;
    private readonly int batchSizeMax;
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int generation;
    private long position;

    public PartitionDelivery(StandaloneLog log, int partition, int batchSizeMax, int queuedBatchesMax)
    {
        this.log = log;
        this.batchSizeMax = batchSizeMax;
        Assignment = new PartitionAssignment(partition, queuedBatchesMax, _ => signal.Writer.TryWrite(true));
    }

    public PartitionAssignment Assignment { get; }

    /// <summary>Tells that the partition ends at <paramref name="endOffset"/> or later.</summary>
    public void Wake(long endOffset)
    {
        lock (signal)
            Assignment.EndOffset = Math.Max(Assignment.EndOffset, endOffset);
        signal.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken ended)
    {
        try
        {
            while (await signal.Reader.WaitToReadAsync(ended))
            {
                signal.Reader.TryRead(out _);
                await DeliverAllAsync(ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The assignment has ended; whoever starts next reads on from the stored offset.
        }
    }

    private async Task DeliverAllAsync(CancellationToken ended)
    {
        RecordBatch? batch = null;
        try
        {
            while ((batch = NextBatch(batch)) is not null)
            {
                long next = batch.NextOffset;
                if (Assignment.Writer.TryWrite(batch))
                    (position, batch) = (next, null);
                else if (!await Assignment.Writer.WaitToWriteAsync(ended))
                    return;
            }
        }
        finally
        {
            batch?.Dispose();
        }
    }

    /// <summary>The batch that did not fit last time, unless another start was requested meanwhile; else the next from the log; null when caught up.</summary>
    private RecordBatch? NextBatch(RecordBatch? waiting)
    {
        int wanted = Assignment.Generation;
        if (wanted == generation && waiting is not null)
            return waiting;
        waiting?.Dispose();
        if (wanted != generation)
            (generation, position) = (wanted, Assignment.StartOffset);
        return generation == 0 ? null : log.ReadBatch(Assignment.Partition, position, batchSizeMax, generation);
    }
}
