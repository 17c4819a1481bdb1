using System.Runtime.InteropServices;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Worker.Repair;

/// <summary>What a partition holds besides customers.</summary>
internal sealed class PartitionRest : ILoadTarget
{
    private readonly List<OutboxEntry> outbox = [];
    private ulong[] ring = [];

    /// <summary>What is decided and not yet trimmed.</summary>
    public IReadOnlyList<OutboxEntry> Outbox => outbox;

    /// <summary>Erasure markers by the keyed hash of the customer id.</summary>
    public Dictionary<ulong, long> Erasures { get; } = [];

    /// <inheritdoc/>
    public void LoadHot(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
    {
    }

    /// <inheritdoc/>
    public void LoadCold(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
    {
    }

    /// <inheritdoc/>
    public void LoadOutbox(long seq, ReadOnlySpan<byte> entry) => outbox.Add(OutboxEntry.Decode(entry));

    /// <inheritdoc/>
    public void LoadRecent(ReadOnlySpan<byte> ring) => this.ring = MemoryMarshal.Cast<byte, ulong>(ring).ToArray();

    /// <inheritdoc/>
    public void LoadErasure(ulong customerHash, long erasedAtMs) => Erasures[customerHash] = erasedAtMs;

    /// <summary>The newest event ids, oldest first.</summary>
    /// <param name="pushed">Ids ever written to the ring.</param>
    /// <param name="most">How many are wanted at most.</param>
    public ulong[] Newest(long pushed, int most)
    {
        int count = (int)Math.Min(Math.Min(pushed, ring.Length), most);
        return [.. Enumerable.Range(0, count).Select(i => ring[(int)((pushed - count + i) % PartitionMeta.RecentCapacity)])];
    }
}
