using StreamScorer.Engine.Source;
using StreamScorer.Simulation.World;

namespace StreamScorer.Simulation.Ports;

/// <summary>A worker's consumer: the group tells it what it owns, the simulation when it fetches.</summary>
internal sealed class SimulatedSource(Worker worker, Broker broker, Network network) : IEventSource
{
    private readonly TaskCompletionSource left = new();
    private CancellationToken leaving;

    public string Topic => "transactions";

    /// <summary>Partitions under delivery here.</summary>
    public List<Delivery> Deliveries { get; } = [];

    /// <summary>Whether the worker wants no more partitions: it was told to end, or has failed.</summary>
    public bool IsLeaving => leaving.IsCancellationRequested;

    public ValueTask<int> OpenAsync(CancellationToken cancellation) => ValueTask.FromResult(broker.Partitions);

    public Task RunAsync(IPartitionOwner owner, CancellationToken stopping)
    {
        leaving = stopping;
        worker.Join(stopping);
        return left.Task;
    }

    /// <summary>The group has taken everything back; the run ends.</summary>
    public void Leave() => left.TrySetResult();

    public ValueTask<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellation) => new(network.Send(
        worker, Network.Target.Broker, () => new OffsetRange(0, broker.Input(partition).Count), NeverFails<OffsetRange>, cancellation));

    public ValueTask<RecordIdentity?> IdentifyAsync(int partition, long offset, CancellationToken cancellation) => new(network.Send(
        worker, Network.Target.Broker, () => Identity(partition, offset), NeverFails<RecordIdentity?>, cancellation));

    public ValueTask<long> GetProgressAsync(int partition, CancellationToken cancellation) => new(network.Send(
        worker, Network.Target.Broker, () => broker.GroupOffset(partition), NeverFails<long>, cancellation));

    public void ReportProgress(int partition, long nextOffset)
    {
        if (worker.IsAlive)
            broker.SetGroupOffset(partition, nextOffset);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static T NeverFails<T>() => throw new InvalidOperationException("the consumer asks until it is answered");

    private RecordIdentity? Identity(int partition, long offset) => offset < broker.Input(partition).Count
        ? RecordIdentity.Of(broker.Timestamps(partition)[(int)offset], broker.Input(partition)[(int)offset].Value)
        : null;
}

/// <summary>One partition while a worker holds it.</summary>
internal sealed class Delivery
{
    private int generation;
    private long position;

    public Delivery(int partition) => Assignment = new PartitionAssignment(partition, queuedBatchesMax: 2, static _ => { });

    public PartitionAssignment Assignment { get; }

    /// <summary>Set: records come from the group's offset instead of where the processor asked for them.</summary>
    public bool TrustsGroupOffset { get; init; }

    /// <summary>Fetches up to <paramref name="recordsMax"/> records; nothing when the queue is full.</summary>
    public void Fetch(Broker broker, int recordsMax)
    {
        int partition = Assignment.Partition;
        Assignment.EndOffset = broker.Input(partition).Count;
        if (Assignment.Generation != generation)
            (generation, position) = (Assignment.Generation, TrustsGroupOffset ? Math.Max(Assignment.StartOffset, broker.GroupOffset(partition)) : Assignment.StartOffset);
        int count = (int)Math.Min(recordsMax, broker.Input(partition).Count - position);
        if (generation == 0 || count <= 0)
            return;
        var batch = new RecordBatch(generation, count, 256);
        for (int i = 0; i < count; i++)
        {
            Input.InputRecord record = broker.Input(partition)[(int)position + i];
            batch.Add(position + i, broker.Timestamps(partition)[(int)position + i], record.Key is not null, record.Key, record.Value is not null, record.Value, default);
        }
        if (Assignment.Writer.TryWrite(batch))
            position += count;
        else
            batch.Dispose();
    }
}
