using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.State;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Replay;

/// <summary>Watches the store from outside until a replay is done: every record applied, every silence that is due assessed, everything published.</summary>
internal sealed class ReplayWatch(IStateStore store, int partitionCount, TimeProvider time)
{
    private static readonly TimeSpan lookInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Completes when done.</summary>
    /// <param name="ranges">By partition: the offsets of this replay's records.</param>
    /// <param name="applied">Receives the share of records that has been applied, 0..1.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task WaitAsync(IReadOnlyList<OffsetRange> ranges, Action<double> applied, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(lookInterval, time);
        do
        {
            PartitionMeta[] before = await ReadMetasAsync(cancellation);
            applied(Share(ranges, before));
            bool isPublished = before.Zip(ranges).All(pair => pair.First.Offset >= pair.Second.End && pair.First.PublishedSeq == pair.First.OutboxSeq);
            // Due silence is committed in chunks of its own behind the last record, so the offset alone does not say that all of it has happened.
            if (!isPublished || await AnySilenceDueAsync(before, cancellation))
                continue;
            PartitionMeta[] after = await ReadMetasAsync(cancellation);
            if (after.SequenceEqual(before))
                return;
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private static double Share(IReadOnlyList<OffsetRange> ranges, PartitionMeta[] metas)
    {
        long total = ranges.Sum(range => range.End - range.Low);
        long done = metas.Zip(ranges).Sum(pair => Math.Clamp(pair.First.Offset, pair.Second.Low, pair.Second.End) - pair.Second.Low);
        return total == 0 ? 1 : (double)done / total;
    }

    private async Task<PartitionMeta[]> ReadMetasAsync(CancellationToken cancellation)
    {
        var metas = new PartitionMeta[partitionCount];
        for (int partition = 0; partition < metas.Length; partition++)
            metas[partition] = await store.ReadMetaAsync(partition, cancellation) ?? PartitionMeta.Empty;
        return metas;
    }

    private async Task<bool> AnySilenceDueAsync(PartitionMeta[] metas, CancellationToken cancellation)
    {
        for (int partition = 0; partition < metas.Length; partition++)
        {
            await foreach (StoredCustomer customer in store.ReadCustomersAsync(partition, cancellation))
            {
                StoredState.Read(customer, out CustomerState state, out _);
                if (state.DeadlineMs <= metas[partition].ClockMs)
                    return true;
            }
        }
        return false;
    }
}
