using StreamScorer.Engine.Source;

namespace StreamScorer.Engine.Commit;

/// <summary>
/// Empties the state so that it is built anew from the whole input. Erasure markers and what waits to be published stay; nothing that was published before
/// is published again.
/// </summary>
internal static class StateRebuild
{
    /// <summary>Empties every partition, each by one fenced commit; workers that own them find out by that and go on with the emptied state.</summary>
    /// <param name="samePartitions">False when the partitions are others than those of the stored state: all that is in the input now counts as published.</param>
    /// <exception cref="PortException">The store or the input refused.</exception>
    public static async Task RunAsync(
        IEventSource source, IStateStore store, int partitionCount, bool samePartitions, long nowUnixMs, CancellationToken cancellation)
    {
        // A customer may come to lie in another partition, and must stay erased there.
        var markers = new Dictionary<ulong, long>();
        for (int partition = 0; partition < partitionCount; partition++)
        {
            await using IPartitionStore open = await store.OpenPartitionAsync(partition, cancellation);
            await ClaimAsync(open, partition, nowUnixMs, cancellation);
            if (!await open.LoadAsync(new MarkerReader(markers), cancellation))
                throw new StateStoreException($"Partition {partition}: the state could not be loaded whole.") { IsTransient = true };
        }
        for (int partition = 0; partition < partitionCount; partition++)
        {
            await using IPartitionStore open = await store.OpenPartitionAsync(partition, cancellation);
            PartitionMeta meta = await ClaimAsync(open, partition, nowUnixMs, cancellation);
            OffsetRange offsets = await source.GetOffsetsAsync(partition, cancellation);
            long former = samePartitions ? Math.Max(meta.Offset, await source.GetProgressAsync(partition, cancellation)) : offsets.End;
            var commit = new PartitionCommit();
            commit.ResetState();
            foreach ((ulong customerHash, long erasedAtMs) in markers)
                commit.PutErasure(customerHash, erasedAtMs);
            PartitionMeta emptied = PartitionMeta.Empty with
            {
                Incarnation = meta.Incarnation,
                Offset = offsets.Low,
                OutboxSeq = meta.OutboxSeq,
                PublishedSeq = meta.PublishedSeq,
                SinkPosition = meta.SinkPosition,
                PublishFromOffset = Math.Max(former, meta.PublishFromOffset),
            };
            commit.Seal(meta.Fence, emptied, trimThroughSeq: 0);
            CommitOutcome outcome = await open.CommitAsync(commit, cancellation);
            if (outcome != CommitOutcome.Applied)
                throw new StateStoreException($"Partition {partition} could not be emptied ({outcome}); stop the other workers and start again with --rebuild.");
        }
    }

    private static async Task<PartitionMeta> ClaimAsync(IPartitionStore open, int partition, long nowUnixMs, CancellationToken cancellation)
    {
        ClaimResult claim = await open.ClaimAsync(nowUnixMs, cancellation);
        return claim.Claimed ? claim.Meta : throw new StateStoreException($"Partition {partition} cannot be claimed: {claim.Error}") { IsTransient = true };
    }

    private sealed class MarkerReader(Dictionary<ulong, long> markers) : ILoadTarget
    {
        public void LoadHot(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
        {
        }

        public void LoadCold(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
        {
        }

        public void LoadOutbox(long seq, ReadOnlySpan<byte> entry)
        {
        }

        public void LoadRecent(ReadOnlySpan<byte> ring)
        {
        }

        public void LoadErasure(ulong customerHash, long erasedAtMs) =>
            markers[customerHash] = Math.Max(erasedAtMs, markers.GetValueOrDefault(customerHash, long.MinValue));
    }
}
