using System.Buffers.Binary;
using System.Collections.Immutable;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Testing.State;

/// <summary>Everything committed of one partition at one instant. Immutable, so that a snapshot is a reference and a commit is all or nothing.</summary>
internal sealed record PartitionVersion(PartitionMeta Meta)
{
    private const int StripIds = 64;

    public ImmutableSortedDictionary<byte[], byte[]> Hot { get; init; } = ImmutableSortedDictionary.Create<byte[], byte[]>(ByteOrder.Instance);

    public ImmutableSortedDictionary<byte[], byte[]> Cold { get; init; } = ImmutableSortedDictionary.Create<byte[], byte[]>(ByteOrder.Instance);

    public ImmutableSortedDictionary<long, byte[]> Outbox { get; init; } = ImmutableSortedDictionary<long, byte[]>.Empty;

    /// <summary>The duplicates ring in strips: a version shares with its predecessor all but the one or two that changed.</summary>
    public ImmutableSortedDictionary<int, byte[]> Recent { get; init; } = ImmutableSortedDictionary<int, byte[]>.Empty;

    public byte[]? Population { get; init; }

    public ImmutableSortedDictionary<ulong, long> Erasures { get; init; } = ImmutableSortedDictionary<ulong, long>.Empty;

    public PartitionVersion Apply(PartitionCommit commit) =>
        commit.ResetsState ? new PartitionVersion(Meta) { Outbox = Outbox, Erasures = Erasures }.ApplyWrites(commit) : ApplyWrites(commit);

    private PartitionVersion ApplyWrites(PartitionCommit commit)
    {
        var hot = Hot.ToBuilder();
        var cold = Cold.ToBuilder();
        foreach (CustomerWrite write in commit.Writes)
            Apply(commit, write, hot, cold);

        var outbox = Outbox.ToBuilder();
        outbox.RemoveRange(Outbox.Keys.TakeWhile(seq => seq <= commit.TrimThroughSeq));
        foreach (Engine.Publish.OutboxEntry entry in commit.Outbox)
            outbox.Add(entry.Seq, entry.Encode());

        return new PartitionVersion(commit.Next)
        {
            Hot = hot.ToImmutable(),
            Cold = cold.ToImmutable(),
            Outbox = outbox.ToImmutable(),
            Recent = Remember(commit),
            Population = commit.Population ?? Population,
            Erasures = commit.Erasures.Aggregate(
                Erasures, (kept, write) => write.ErasedAtMs is { } at ? kept.SetItem(write.CustomerHash, at) : kept.Remove(write.CustomerHash)),
        };
    }

    public byte[] RecentBytes()
    {
        int used = (int)Math.Min(Meta.RecentCount, PartitionMeta.RecentCapacity) * sizeof(ulong);
        var ring = new byte[used];
        foreach ((int strip, byte[] bytes) in Recent)
        {
            int at = strip * StripIds * sizeof(ulong);
            bytes.AsSpan(0, Math.Clamp(used - at, 0, bytes.Length)).CopyTo(ring.AsSpan(Math.Min(at, used)));
        }
        return ring;
    }

    private static void Apply(
        PartitionCommit commit,
        in CustomerWrite write,
        ImmutableSortedDictionary<byte[], byte[]>.Builder hot,
        ImmutableSortedDictionary<byte[], byte[]>.Builder cold)
    {
        byte[] id = commit.CustomerId(write).ToArray();
        switch (write.Kind)
        {
            case CustomerWriteKind.PutHot:
                hot[id] = commit.Record(write).ToArray();
                break;
            case CustomerWriteKind.PutCold:
                cold[id] = commit.Record(write).ToArray();
                break;
            case CustomerWriteKind.RemoveCold:
                cold.Remove(id);
                break;
            case CustomerWriteKind.RemoveCustomer:
                hot.Remove(id);
                cold.Remove(id);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(write), write.Kind, "not a customer write");
        }
    }

    private ImmutableSortedDictionary<int, byte[]> Remember(PartitionCommit commit)
    {
        if (commit.RecentIds.Length == 0)
            return Recent;
        var changed = new Dictionary<int, byte[]>();
        long first = commit.Next.RecentCount - commit.RecentIds.Length;
        for (int i = 0; i < commit.RecentIds.Length; i++)
        {
            int slot = (int)((first + i) % PartitionMeta.RecentCapacity);
            int strip = slot / StripIds;
            if (!changed.TryGetValue(strip, out byte[]? bytes))
                changed[strip] = bytes = (byte[])(Recent.GetValueOrDefault(strip)?.Clone() ?? new byte[StripIds * sizeof(ulong)]);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(slot % StripIds * sizeof(ulong)), commit.RecentIds[i]);
        }
        return Recent.SetItems(changed);
    }
}
