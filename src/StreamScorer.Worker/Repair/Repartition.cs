using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.State;

namespace StreamScorer.Worker.Repair;

/// <summary>One side of a change of the partition count.</summary>
/// <param name="Store">The state.</param>
/// <param name="PartitionCount">Its partitions.</param>
/// <param name="Topic">Name of the input that it belongs to.</param>
internal readonly record struct StateSide(IStateStore Store, int PartitionCount, string Topic);

/// <summary>
/// Copies the state of a drained deployment into an empty one with another number of partitions: every customer into the partition that its key has there. The
/// old state stays as it is. Offline: nobody writes to either meanwhile. What was copied is not copied again when it is run a second time, and the new state is
/// usable only when it is complete and was compared with the old one.
/// </summary>
internal sealed class Repartition(StateSide from, StateSide to, Func<ReadOnlyMemory<byte>, int, int> partitioner, TimeProvider time)
{
    /// <summary>Layout of a partition that is not complete: no version reads it.</summary>
    public const int Incomplete = int.MaxValue;

    private const int CustomersPerCommit = 1_000;

    /// <summary>Runs it to its end, or goes on with one that was interrupted.</summary>
    /// <param name="startOffsets">Where each new partition starts to read.</param>
    /// <param name="progress">Told each old partition that is copied.</param>
    /// <returns>Customers in the new state.</returns>
    /// <exception cref="StateStoreException">The old state is not drained, or the new one is not empty or differs in the end.</exception>
    public async Task<long> RunAsync(IReadOnlyList<long> startOffsets, Action<int> progress, CancellationToken cancellation)
    {
        PartitionMeta[] old = await ReadMetasAsync(cancellation);
        var targets = new RepartitionTarget[to.PartitionCount];
        for (int partition = 0; partition < targets.Length; partition++)
            targets[partition] = await RepartitionTarget.OpenAsync(to.Store, partition, Now, cancellation);
        try
        {
            for (int partition = targets.Min(target => target.CopiedPartitions); partition < from.PartitionCount; partition++)
            {
                cancellation.ThrowIfCancellationRequested();
                await CopyAsync(partition, targets, cancellation);
                progress(partition);
            }
            await CompareAsync(cancellation);
            await CheckUnchangedAsync(old, cancellation);
            ulong[][] recent = await ReadRecentAsync(targets, cancellation);
            for (int partition = 0; partition < targets.Length; partition++)
                await targets[partition].CompleteAsync(Meta(old, partition, startOffsets[partition]), recent, cancellation);
        }
        finally
        {
            foreach (RepartitionTarget target in targets)
                await target.DisposeAsync();
        }
        return (await DigestAsync(to, cancellation)).Customers;
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// The counters of the whole go on in the first partition. The clock is the slowest one: a faster one would let silence fall that an event, still to come
    /// from a slower partition, averts.
    /// </summary>
    private static PartitionMeta Meta(PartitionMeta[] old, int partition, long startOffset) => PartitionMeta.Empty with
    {
        Offset = startOffset,
        Layout = old.Max(meta => meta.Layout),
        PolicyVersion = old.Max(meta => meta.PolicyVersion),
        AssessedPolicyVersion = old.Min(meta => meta.AssessedPolicyVersion),
        ClockMs = old.Select(meta => meta.ClockMs).Where(clock => clock != long.MinValue).DefaultIfEmpty(long.MinValue).Min(),
        IsLive = old.Length > 0 && old.All(meta => meta.IsLive),
        Counters = partition > 0 ? default : new PartitionCounters(
            old.Sum(meta => meta.Counters.Consumed),
            old.Sum(meta => meta.Counters.Applied),
            old.Sum(meta => meta.Counters.Duplicate),
            old.Sum(meta => meta.Counters.DeadLettered),
            old.Sum(meta => meta.Counters.Erased),
            old.Sum(meta => meta.Counters.Late),
            old.Sum(meta => meta.Counters.LateInexact)),
    };

    private async Task<PartitionMeta[]> ReadMetasAsync(CancellationToken cancellation)
    {
        var metas = new PartitionMeta[from.PartitionCount];
        for (int partition = 0; partition < metas.Length; partition++)
            metas[partition] = await from.Store.ReadMetaAsync(partition, cancellation)
                ?? throw new StateStoreException($"Partition {partition} of the old state was never begun; run a worker once, or check the partition count.");
        if (metas.Select(meta => meta.PolicyVersion).Distinct().Count() > 1)
            throw new StateStoreException("The partitions were scored with different policies; run a worker until they are the same.");
        return metas;
    }

    private async Task CheckUnchangedAsync(PartitionMeta[] old, CancellationToken cancellation)
    {
        for (int partition = 0; partition < old.Length; partition++)
            if ((await from.Store.ReadMetaAsync(partition, cancellation))?.Fence != old[partition].Fence)
                throw new StateStoreException($"Partition {partition} of the old state has changed meanwhile: stop all workers, and start again with an empty new state.");
    }

    private async Task CopyAsync(int partition, RepartitionTarget[] targets, CancellationToken cancellation)
    {
        await foreach (StoredCustomer customer in from.Store.ReadCustomersAsync(partition, cancellation))
        {
            if (partitioner(customer.CustomerId, from.PartitionCount) != partition)
            {
                throw new StateStoreException($"Customer {System.Text.Encoding.UTF8.GetString(customer.CustomerId)} is in partition {partition}, where this partitioner does not "
                    + "put it; name the one that the producers use with --partitioner.");
            }
            RepartitionTarget target = targets[partitioner(customer.CustomerId, to.PartitionCount)];
            if (target.Add(customer) == CustomersPerCommit)
                await target.FlushAsync(partition, cancellation);
        }
        foreach (RepartitionTarget target in targets)
            await target.FlushAsync(partition + 1, cancellation);
    }

    private async Task CompareAsync(CancellationToken cancellation)
    {
        StateDigest wanted = await DigestAsync(from, cancellation), found = await DigestAsync(to, cancellation);
        if (wanted != found)
            throw new StateStoreException($"The new state differs from the old one ({found} instead of {wanted}); delete it and start again.");
    }

    private static async Task<StateDigest> DigestAsync(StateSide side, CancellationToken cancellation)
    {
        var digest = new StateDigest();
        for (int partition = 0; partition < side.PartitionCount; partition++)
            await foreach (StoredCustomer customer in side.Store.ReadCustomersAsync(partition, cancellation))
                digest = digest.Add(customer);
        return digest;
    }

    /// <summary>
    /// The newest event ids of each old partition, as many as fit together into one ring. Erasure markers go to every new partition: whose they are is not known.
    /// </summary>
    private async Task<ulong[][]> ReadRecentAsync(RepartitionTarget[] targets, CancellationToken cancellation)
    {
        var recent = new ulong[from.PartitionCount][];
        bool hasErasures = false;
        for (int partition = 0; partition < recent.Length; partition++)
        {
            long pushed = (await from.Store.ReadMetaAsync(partition, cancellation))!.Value.RecentCount;
            await using IPartitionStore store = await from.Store.OpenPartitionAsync(partition, cancellation);
            var rest = new PartitionRest();
            if (!await store.LoadAsync(rest, cancellation))
                throw new StateStoreException($"Partition {partition} of the old state could not be read whole; try again.");
            recent[partition] = rest.Newest(pushed, PartitionMeta.RecentCapacity / from.PartitionCount);
            foreach ((ulong customerHash, long erasedAtMs) in rest.Erasures)
                Array.ForEach(targets, target => target.AddErasure(customerHash, erasedAtMs));
            hasErasures |= rest.Erasures.Count > 0;
        }
        if (hasErasures)
            await CopyErasureKeyAsync(cancellation);
        return recent;
    }

    // A marker is worth nothing under another key.
    private async Task CopyErasureKeyAsync(CancellationToken cancellation)
    {
        AppRecord old = await from.Store.ReadOrCreateAppAsync(from.Topic, from.PartitionCount, RecordLayout.Own, cancellation);
        AppRecord begun = await to.Store.ReadOrCreateAppAsync(to.Topic, to.PartitionCount, old.Layout, cancellation);
        if (!await to.Store.ReplaceAppAsync(begun with { ErasureKey = old.ErasureKey }, cancellation))
            throw new StateStoreException("Somebody else writes to the new state; stop it and run the command again.");
    }
}
