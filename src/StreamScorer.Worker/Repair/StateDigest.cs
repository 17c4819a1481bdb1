using System.Runtime.InteropServices;
using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.Events;

namespace StreamScorer.Worker.Repair;

/// <summary>Whether two states hold the same customers with the same records, in whatever order and partitions.</summary>
/// <param name="Customers">Number of customers.</param>
/// <param name="Sum">Sum of a hash over each customer's id and records.</param>
internal readonly record struct StateDigest(long Customers, ulong Sum)
{
    /// <summary>The digest with one customer more.</summary>
    public StateDigest Add(StoredCustomer customer) =>
        new(Customers + 1, Sum + StableHash.Of(customer.Cold, StableHash.Of(customer.Hot, StableHash.Of(customer.CustomerId))));
}

/// <summary>What a partition holds besides customers.</summary>
internal sealed class PartitionRest : ILoadTarget
{
    private ulong[] ring = [];

    /// <inheritdoc/>
    public void LoadHot(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
    {
    }

    /// <inheritdoc/>
    public void LoadCold(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
    {
    }

    /// <inheritdoc/>
    public void LoadOutbox(long seq, ReadOnlySpan<byte> entry)
    {
    }

    /// <inheritdoc/>
    public void LoadRecent(ReadOnlySpan<byte> ring) => this.ring = MemoryMarshal.Cast<byte, ulong>(ring).ToArray();

    /// <summary>The newest event ids, oldest first.</summary>
    /// <param name="pushed">Ids ever written to the ring.</param>
    /// <param name="most">How many are wanted at most.</param>
    public ulong[] Newest(long pushed, int most)
    {
        int count = (int)Math.Min(Math.Min(pushed, ring.Length), most);
        return [.. Enumerable.Range(0, count).Select(i => ring[(int)((pushed - count + i) % PartitionMeta.RecentCapacity)])];
    }
}
