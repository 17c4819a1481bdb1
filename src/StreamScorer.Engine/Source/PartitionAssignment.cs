using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace StreamScorer.Engine.Source;

/// <summary>
/// One partition while this instance owns it: the bounded queue between the source (writer) and the partition processor (reader).
/// Nothing is delivered until the processor has claimed and loaded its state and calls <see cref="StartAt"/>.
/// </summary>
public sealed class PartitionAssignment
{
    private readonly Channel<RecordBatch> channel;
    private readonly Action<PartitionAssignment> startRequested;
    private long startOffset = -1;
    private int generation;
    private long endOffset = -1;

    /// <param name="partition">Partition number, from 0.</param>
    /// <param name="queuedBatchesMax">Batches that may wait; when full the source pauses the partition instead of blocking.</param>
    /// <param name="startRequested">Called on the processor's thread by <see cref="StartAt"/>; must not block.</param>
    public PartitionAssignment(int partition, int queuedBatchesMax, Action<PartitionAssignment> startRequested)
    {
        Partition = partition;
        this.startRequested = startRequested;
        channel = Channel.CreateBounded<RecordBatch>(new BoundedChannelOptions(queuedBatchesMax)
        {
            SingleReader = true,
            SingleWriter = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
    }

    /// <summary>Partition number, from 0.</summary>
    public int Partition { get; }

    /// <summary>Reader side: batches in offset order. Completed when the assignment ends.</summary>
    public ChannelReader<RecordBatch> Records => channel.Reader;

    /// <summary>Writer side: <c>TryWrite</c> false means full: pause and offer the same batch again later.</summary>
    public ChannelWriter<RecordBatch> Writer => channel.Writer;

    /// <summary>Counts the start requests; every batch carries the one it answers. 0 = not started.</summary>
    public int Generation => Volatile.Read(ref generation);

    /// <summary>First offset wanted by the latest start request, or -1.</summary>
    public long StartOffset => Volatile.Read(ref startOffset);

    /// <summary>
    /// Offset that the next appended record will get, as far as the source knows, or -1. Kept by the source; tells the processor whether it has caught up.
    /// </summary>
    public long EndOffset
    {
        get => Volatile.Read(ref endOffset);
        set => Volatile.Write(ref endOffset, value);
    }

    /// <summary>
    /// Asks the source to deliver from <paramref name="offset"/> on. What was queued for an earlier generation is dropped by <see cref="TryRead"/>.
    /// </summary>
    public void StartAt(long offset)
    {
        Volatile.Write(ref startOffset, offset);
        Interlocked.Increment(ref generation);
        startRequested(this);
    }

    /// <summary>Takes the next batch of the current generation without waiting.</summary>
    public bool TryRead([NotNullWhen(true)] out RecordBatch? batch)
    {
        while (channel.Reader.TryRead(out batch))
        {
            if (batch.Generation == Generation)
                return true;
            batch.Dispose();
        }
        return false;
    }
}
