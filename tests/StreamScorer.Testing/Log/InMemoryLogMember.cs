using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;

namespace StreamScorer.Testing.Log;

/// <summary>
/// One instance at the in-memory log: its event source and its transition sink. <see cref="RunAsync"/> delivers by itself;
/// a simulation calls <see cref="Join"/>, <see cref="DeliverOne"/> and <see cref="Leave"/> instead and stays on one thread.
/// </summary>
public sealed class InMemoryLogMember : IEventSource, ITransitionSink
{
    private readonly InMemoryEventLog log;
    private readonly SortedDictionary<int, InMemoryDelivery> deliveries = [];
    private IPartitionOwner? owner;
    private TaskCompletionSource? ended;

    internal InMemoryLogMember(InMemoryEventLog log) => this.log = log;

    /// <inheritdoc/>
    public string Topic => log.Topic;

    /// <summary>Partitions that this member owns now.</summary>
    public IReadOnlyList<int> Partitions
    {
        get
        {
            lock (deliveries)
                return [.. deliveries.Keys];
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> OpenAsync(CancellationToken cancellation) => ValueTask.FromResult(log.PartitionCount);

    /// <inheritdoc/>
    public ValueTask OpenAsync(int partitionCount, CancellationToken cancellation) => partitionCount == log.PartitionCount
        ? ValueTask.CompletedTask
        : throw new TransitionSinkException($"the in-memory output has {log.PartitionCount} partitions, the input has {partitionCount}");

    /// <summary>Enters the group; delivery is by hand.</summary>
    public void Join(IPartitionOwner partitionOwner)
    {
        owner = partitionOwner;
        log.Join(this);
    }

    /// <summary>Leaves the group in an orderly way: everything is revoked first.</summary>
    public void Leave() => log.Leave(this);

    /// <summary>Disappears as a killed process does: the owner hears nothing more, the others take over.</summary>
    public void Vanish()
    {
        owner = null;
        log.Vanish(this);
    }

    /// <summary>Offers the next batch of a partition; true when one was delivered.</summary>
    public bool DeliverOne(int partition)
    {
        InMemoryDelivery? delivery;
        lock (deliveries)
            delivery = deliveries.GetValueOrDefault(partition);
        return delivery?.DeliverOne() ?? false;
    }

    /// <inheritdoc/>
    public async Task RunAsync(IPartitionOwner owner, CancellationToken stopping)
    {
        ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = stopping.Register(() => ended.TrySetResult());
        Join(owner);
        try
        {
            await ended.Task;
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    public ValueTask<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellation) => ValueTask.FromResult(log.Offsets(partition));

    /// <inheritdoc/>
    public ValueTask<RecordIdentity?> IdentifyAsync(int partition, long offset, CancellationToken cancellation) =>
        ValueTask.FromResult(log.Identify(partition, offset));

    /// <inheritdoc/>
    public ValueTask<long> GetProgressAsync(int partition, CancellationToken cancellation) =>
        ValueTask.FromResult(log.TellsProgress ? log.Progress(partition) : -1);

    /// <inheritdoc/>
    public void ReportProgress(int partition, long nextOffset) => log.Report(partition, nextOffset);

    /// <inheritdoc/>
    public ValueTask<long> PublishAsync(int partition, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellation) =>
        ValueTask.FromResult(log.Publish(partition, entries));

    /// <inheritdoc/>
    public ValueTask<long> EndPositionAsync(int partition, CancellationToken cancellation) =>
        ValueTask.FromResult((long)log.Transitions(partition).Count);

    /// <inheritdoc/>
    public IAsyncEnumerable<PublishedRecord> ReadAsync(int partition, long fromPosition, CancellationToken cancellation) =>
        log.Transitions(partition).Skip((int)fromPosition).ToAsyncEnumerable();

    /// <inheritdoc/>
    public IAsyncEnumerable<PublishedRecord> ReadDeadLettersAsync(int partition, long fromPosition, CancellationToken cancellation) =>
        log.DeadLetters(partition).Skip((int)fromPosition).ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Leave();
        return ValueTask.CompletedTask;
    }

    internal IReadOnlyList<InMemoryDelivery> Prepare_NeedsMembership(IReadOnlyList<int> share)
    {
        InMemoryDelivery[] begun = [.. share.Select(partition => new InMemoryDelivery(log, partition))];
        lock (deliveries)
        {
            foreach (InMemoryDelivery delivery in begun)
                deliveries.Add(delivery.Assignment.Partition, delivery);
        }
        return begun;
    }

    internal void Begin_NeedsMembership(IReadOnlyList<InMemoryDelivery> begun)
    {
        owner?.Assigned([.. begun.Select(delivery => delivery.Assignment)]);
        if (ended is not { } run)
            return;
        foreach (InMemoryDelivery delivery in begun)
            _ = Task.Run(() => DeliverAsync(delivery, run));
    }

    internal void End_NeedsMembership(IReadOnlyList<int> partitions, bool lost)
    {
        InMemoryDelivery[] ending;
        lock (deliveries)
            ending = [.. partitions.Select(partition => deliveries[partition])];
        if (ending.Length == 0)
            return;
        PartitionAssignment[] assignments = [.. ending.Select(delivery => delivery.Assignment)];
        if (lost)
            owner?.Lost(assignments);
        else
            owner?.Revoked(assignments);
        foreach (InMemoryDelivery delivery in ending)
            delivery.End();
        lock (deliveries)
        {
            foreach (int partition in partitions)
                deliveries.Remove(partition);
        }
    }

    private static async Task DeliverAsync(InMemoryDelivery delivery, TaskCompletionSource run)
    {
        try
        {
            await delivery.RunAsync();
        }
        catch (EventSourceException failure)
        {
            run.TrySetException(failure);
        }
    }
}
