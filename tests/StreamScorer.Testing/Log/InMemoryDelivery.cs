using System.Threading.Channels;
using StreamScorer.Engine.Source;

namespace StreamScorer.Testing.Log;

/// <summary>Delivers one assigned partition: by hand, a batch a call (a simulation), or in a loop that waits for signals.</summary>
internal sealed class InMemoryDelivery
{
    private readonly InMemoryEventLog log;
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource ended = new();
    private int generation;
    private long position;

    public InMemoryDelivery(InMemoryEventLog log, int partition)
    {
        this.log = log;
        Assignment = new PartitionAssignment(partition, log.QueuedBatchesMax, _ => signal.Writer.TryWrite(true));
    }

    private enum Step
    {
        Delivered,
        NothingToDeliver,
        QueueFull,
    }

    public PartitionAssignment Assignment { get; }

    /// <summary>Tells that the input has grown.</summary>
    public void Wake(long endOffset)
    {
        Assignment.EndOffset = endOffset;
        signal.Writer.TryWrite(true);
    }

    /// <summary>Offers the next batch; true when one was delivered.</summary>
    public bool DeliverOne() => Deliver() == Step.Delivered;

    /// <summary>Delivers until the assignment ends.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await signal.Reader.WaitToReadAsync(ended.Token))
            {
                signal.Reader.TryRead(out _);
                await DeliverAllAsync();
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The assignment has ended; the next owner delivers the rest.
        }
    }

    /// <summary>Ends the assignment.</summary>
    public void End()
    {
        ended.Cancel();
        Assignment.Writer.TryComplete();
    }

    private async Task DeliverAllAsync()
    {
        while (true)
        {
            Step step = Deliver();
            if (step == Step.NothingToDeliver)
                return;
            if (step == Step.QueueFull && !await Assignment.Writer.WaitToWriteAsync(ended.Token))
                return;
        }
    }

    private Step Deliver()
    {
        int wanted = Assignment.Generation;
        if (wanted != generation)
            (generation, position) = (wanted, Assignment.StartOffset);
        if (generation == 0 || ended.IsCancellationRequested || log.Read(Assignment.Partition, position, generation) is not { } batch)
            return Step.NothingToDeliver;
        long next = batch.NextOffset;
        if (!Assignment.Writer.TryWrite(batch))
        {
            batch.Dispose();
            return Step.QueueFull;
        }
        position = next;
        return Step.Delivered;
    }
}
