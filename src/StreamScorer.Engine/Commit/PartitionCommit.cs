using System.Buffers;
using System.Runtime.InteropServices;

namespace StreamScorer.Engine.Commit;

/// <summary>
/// One atomic write of a partition: changed and removed customers, outbox entries, trim, duplicates ring, population and the next meta.
/// Filled by the partition processor and re-used: <see cref="Clear"/> keeps the buffers. Self-contained: it owns a copy of every byte.
/// </summary>
public sealed class PartitionCommit
{
    private readonly ArrayBufferWriter<byte> bytes = new(64 * 1024);
    private readonly List<CustomerWrite> writes = [];
    private readonly List<Publish.OutboxEntry> outbox = [];
    private readonly List<ulong> recentIds = [];
    private readonly List<ErasureWrite> erasures = [];

    /// <summary>The fence that must be stored, else nothing is written.</summary>
    public Fence Expected { get; private set; }

    /// <summary>The meta after this commit; its fence is <see cref="Expected"/> plus one.</summary>
    public PartitionMeta Next { get; private set; }

    /// <summary>Outbox entries up to this sequence are removed; 0 = none.</summary>
    public long TrimThroughSeq { get; private set; }

    /// <summary>Population sketch to replace the stored one, or null.</summary>
    public byte[]? Population { get; private set; }

    /// <summary>Changed and removed records; at most one per customer and kind. Valid until the commit is added to or cleared.</summary>
    public ReadOnlySpan<CustomerWrite> Writes => CollectionsMarshal.AsSpan(writes);

    /// <summary>Entries to append, by rising sequence.</summary>
    public IReadOnlyList<Publish.OutboxEntry> Outbox => outbox;

    /// <summary><see cref="Publish.OutboxEntry.SizeBytes"/> of those entries together.</summary>
    public long OutboxBytes { get; private set; }

    /// <summary>
    /// Event-id hashes to append to the ring, oldest first; the first goes to slot (<c>Next.RecentCount - Length</c>) modulo the capacity. Valid until the commit is added
    /// to or cleared.
    /// </summary>
    public ReadOnlySpan<ulong> RecentIds => CollectionsMarshal.AsSpan(recentIds);

    /// <summary>Erasure markers to write and to remove.</summary>
    public IReadOnlyList<ErasureWrite> Erasures => erasures;

    /// <summary>
    /// True: before anything else is written, all customers, the duplicates ring and the population of the partition are removed. Its outbox and its erasure
    /// markers stay.
    /// </summary>
    public bool ResetsState { get; private set; }

    /// <summary>Customer id of a write. Valid until the commit is added to or cleared.</summary>
    public ReadOnlySpan<byte> CustomerId(in CustomerWrite write) => bytes.WrittenSpan.Slice(write.Start, write.IdLength);

    /// <summary>Record of a write; empty for a removal. Valid until the commit is added to or cleared.</summary>
    public ReadOnlySpan<byte> Record(in CustomerWrite write) => bytes.WrittenSpan.Slice(write.Start + write.IdLength, write.RecordLength);

    /// <summary>Empties it for the next commit.</summary>
    public void Clear()
    {
        bytes.ResetWrittenCount();
        writes.Clear();
        outbox.Clear();
        OutboxBytes = 0;
        recentIds.Clear();
        erasures.Clear();
        ResetsState = false;
        Population = null;
        TrimThroughSeq = 0;
    }

    /// <summary>Makes <paramref name="copy"/> the same commit, independent of this one; for a store that writes on another thread.</summary>
    public void CopyTo(PartitionCommit copy)
    {
        copy.Clear();
        copy.bytes.Write(bytes.WrittenSpan);
        copy.writes.AddRange(writes);
        copy.outbox.AddRange(outbox);
        copy.recentIds.AddRange(recentIds);
        copy.erasures.AddRange(erasures);
        (copy.Expected, copy.Next, copy.TrimThroughSeq, copy.Population, copy.ResetsState) = (Expected, Next, TrimThroughSeq, Population, ResetsState);
        copy.OutboxBytes = OutboxBytes;
    }

    /// <summary>Adds a hot record to write.</summary>
    public void PutHot(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record) => Add(CustomerWriteKind.PutHot, customerId, record);

    /// <summary>Adds a cold record to write.</summary>
    public void PutCold(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record) => Add(CustomerWriteKind.PutCold, customerId, record);

    /// <summary>Removes a cold record that has become empty.</summary>
    public void RemoveCold(ReadOnlySpan<byte> customerId) => Add(CustomerWriteKind.RemoveCold, customerId, default);

    /// <summary>Removes a customer, hot and cold.</summary>
    public void RemoveCustomer(ReadOnlySpan<byte> customerId) => Add(CustomerWriteKind.RemoveCustomer, customerId, default);

    /// <summary>Appends an outbox entry; its sequence must follow the previous one.</summary>
    public void Append(Publish.OutboxEntry entry)
    {
        outbox.Add(entry);
        OutboxBytes += entry.SizeBytes;
    }

    /// <summary>Appends an event-id hash to the duplicates ring.</summary>
    public void Remember(ulong eventIdHash) => recentIds.Add(eventIdHash);

    /// <summary>Replaces the stored population sketch of the partition.</summary>
    public void PutPopulation(byte[] sketch) => Population = sketch;

    /// <summary>Writes or moves an erasure marker.</summary>
    public void PutErasure(ulong customerHash, long erasedAtMs) => erasures.Add(new ErasureWrite(customerHash, erasedAtMs));

    /// <summary>Removes an erasure marker.</summary>
    public void RemoveErasure(ulong customerHash) => erasures.Add(new ErasureWrite(customerHash, null));

    /// <summary>Empties the partition before the other writes, for a rebuild from the input.</summary>
    public void ResetState() => ResetsState = true;

    /// <summary>Closes it: the fence to expect and the meta to write.</summary>
    public void Seal(Fence expected, PartitionMeta next, long trimThroughSeq)
    {
        Expected = expected;
        Next = next with { Fence = expected.Next };
        TrimThroughSeq = trimThroughSeq;
    }

    private void Add(CustomerWriteKind kind, ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
    {
        writes.Add(new CustomerWrite(kind, bytes.WrittenCount, customerId.Length, record.Length));
        int length = customerId.Length + record.Length;
        Span<byte> block = bytes.GetSpan(length);
        customerId.CopyTo(block);
        record.CopyTo(block[customerId.Length..]);
        bytes.Advance(length);
    }
}

/// <summary>What happens to one customer's record.</summary>
public enum CustomerWriteKind : byte
{
    /// <summary>Insert or replace the hot record.</summary>
    PutHot,

    /// <summary>Insert or replace the cold record.</summary>
    PutCold,

    /// <summary>Delete the cold record.</summary>
    RemoveCold,

    /// <summary>Delete hot and cold record.</summary>
    RemoveCustomer,
}

/// <summary>An erasure marker to write, or with null to remove.</summary>
public readonly record struct ErasureWrite(ulong CustomerHash, long? ErasedAtMs);

/// <summary>One record of a commit, by its place in the commit's buffer.</summary>
public readonly record struct CustomerWrite(CustomerWriteKind Kind, int Start, int IdLength, int RecordLength);
