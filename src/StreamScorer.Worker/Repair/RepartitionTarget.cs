using StreamScorer.Engine.Commit;

namespace StreamScorer.Worker.Repair;

/// <summary>One partition of the new state while it is filled. Its offset counts the old partitions that are copied, until it is complete.</summary>
internal sealed class RepartitionTarget : IAsyncDisposable
{
    private readonly IPartitionStore store;
    private readonly int partition;
    private readonly PartitionCommit commit = new();
    private PartitionMeta meta;
    private int waiting;

    private RepartitionTarget(IPartitionStore store, int partition, PartitionMeta meta)
    {
        (this.store, this.partition, this.meta) = (store, partition, meta);
    }

    /// <summary>Old partitions that are copied whole.</summary>
    public int CopiedPartitions => (int)Math.Max(meta.Offset, 0);

    /// <summary>Begins a partition, or goes on with one that was begun.</summary>
    /// <exception cref="StateStoreException">It holds a state already.</exception>
    public static async Task<RepartitionTarget> OpenAsync(IStateStore state, int partition, long nowUnixMs, CancellationToken cancellation)
    {
        if (await state.ReadMetaAsync(partition, cancellation) is { } found && found.Layout != Repartition.Incomplete)
            throw new StateStoreException($"Partition {partition} of the new state is in use already; choose another prefix or directory.");
        IPartitionStore store = await state.OpenPartitionAsync(partition, cancellation);
        ClaimResult claim = await store.ClaimAsync(nowUnixMs, cancellation);
        if (!claim.Claimed)
            throw new StateStoreException($"Partition {partition} of the new state: {claim.Error}");
        var target = new RepartitionTarget(store, partition, claim.Meta);
        // Marked before anything else: a worker must refuse it from its first moment.
        await target.WriteAsync(claim.Meta with { Layout = Repartition.Incomplete, Offset = Math.Max(claim.Meta.Offset, 0) }, cancellation);
        return target;
    }

    /// <summary>Adds a customer to the next write.</summary>
    /// <returns>Customers that wait.</returns>
    public int Add(StoredCustomer customer)
    {
        commit.PutHot(customer.CustomerId, customer.Hot);
        if (customer.Cold.Length > 0)
            commit.PutCold(customer.CustomerId, customer.Cold);
        return ++waiting;
    }

    /// <summary>Writes what waits, and how many old partitions are copied whole by then.</summary>
    public Task FlushAsync(int copiedPartitions, CancellationToken cancellation) =>
        WriteAsync(meta with { Offset = Math.Max(copiedPartitions, meta.Offset) }, cancellation);

    /// <summary>Adds an erasure marker to the next write.</summary>
    public void AddErasure(ulong customerHash, long erasedAtMs) => commit.PutErasure(customerHash, erasedAtMs);

    /// <summary>Makes it a partition that workers take over.</summary>
    /// <param name="complete">The meta that it begins with; fence and incarnation are its own.</param>
    /// <param name="recent">Event ids that are recognised as repeats, oldest first.</param>
    public Task CompleteAsync(PartitionMeta complete, IReadOnlyList<ulong[]> recent, CancellationToken cancellation)
    {
        foreach (ulong id in recent.SelectMany(ids => ids))
            commit.Remember(id);
        return WriteAsync(complete with { Incarnation = meta.Incarnation, RecentCount = recent.Sum(ids => (long)ids.Length) }, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => store.DisposeAsync();

    private async Task WriteAsync(PartitionMeta next, CancellationToken cancellation)
    {
        commit.Seal(meta.Fence, next, trimThroughSeq: 0);
        CommitOutcome outcome = await store.CommitAsync(commit, cancellation);
        if (outcome != CommitOutcome.Applied)
            throw new StateStoreException($"Partition {partition} of the new state could not be written ({outcome}); run the command again, it goes on where it stopped.");
        meta = commit.Next;
        commit.Clear();
        waiting = 0;
    }
}
