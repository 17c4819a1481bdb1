using StreamScorer.Engine.Commit;

namespace StreamScorer.Testing.State;

/// <summary>Collects what a store loads, and refuses what a real owner could not use: repeats and wrong order.</summary>
public sealed class LoadedPartition : ILoadTarget
{
    /// <summary>Hot records that the store has announced; null for one that does not count them before.</summary>
    public long? ExpectedHot { get; private set; }

    /// <summary>Hot records by customer id.</summary>
    public SortedDictionary<byte[], byte[]> Hot { get; } = new(ByteOrder.Instance);

    /// <summary>Cold records by customer id.</summary>
    public SortedDictionary<byte[], byte[]> Cold { get; } = new(ByteOrder.Instance);

    /// <summary>Outbox entries in the order they came.</summary>
    public List<KeyValuePair<long, byte[]>> Outbox { get; } = [];

    /// <summary>The duplicates ring.</summary>
    public byte[] Recent { get; private set; } = [];

    /// <summary>Erasure markers.</summary>
    public SortedDictionary<ulong, long> Erasures { get; } = [];

    /// <inheritdoc/>
    public void ExpectHot(long count) => ExpectedHot = count;

    /// <inheritdoc/>
    public void LoadHot(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
    {
        if (Cold.Count > 0 || Outbox.Count > 0 || Recent.Length > 0)
            throw new InvalidOperationException("a hot record came after cold records, outbox entries or the ring");
        Hot.Add(customerId.ToArray(), record.ToArray());
    }

    /// <inheritdoc/>
    public void LoadCold(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
    {
        if (Outbox.Count > 0 || Recent.Length > 0)
            throw new InvalidOperationException("a cold record came after outbox entries or the ring");
        Cold.Add(customerId.ToArray(), record.ToArray());
    }

    /// <inheritdoc/>
    public void LoadOutbox(long seq, ReadOnlySpan<byte> entry)
    {
        if (Recent.Length > 0)
            throw new InvalidOperationException("an outbox entry came after the ring");
        Outbox.Add(new(seq, entry.ToArray()));
    }

    /// <inheritdoc/>
    public void LoadRecent(ReadOnlySpan<byte> ring)
    {
        if (Recent.Length > 0)
            throw new InvalidOperationException("the ring came twice");
        Recent = ring.ToArray();
    }

    /// <inheritdoc/>
    public void LoadErasure(ulong customerHash, long erasedAtMs) => Erasures.Add(customerHash, erasedAtMs);
}
