using System.Buffers.Binary;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Testing.State;

/// <summary>
/// Commits that write their own number into every kind of content, so that a torn one shows. The number is that of the commit,
/// so a partition must be written by these commits only.
/// </summary>
public static class VersionedContent
{
    private const int Customers = 25;
    private const int OutboxKept = 3;

    /// <summary>The owner's next commit.</summary>
    public static Task<CommitOutcome> CommitAsync(StoreOwner owner)
    {
        long version = owner.Meta.Fence.CommitSeq + 1;
        byte[] record = BitConverter.GetBytes(version);
        return owner.CommitAsync(
            commit =>
            {
                for (int i = 0; i < Customers; i++)
                {
                    commit.PutHot(Id(i), record);
                    if (HasCold(i, version))
                        commit.PutCold(Id(i), record);
                    else
                        commit.RemoveCold(Id(i));
                }
                commit.Append(owner.Entry($"entry {version}"));
                commit.Remember((ulong)version);
                commit.PutPopulation(record);
            },
            trimThroughSeq: Math.Max(0, version - OutboxKept));
    }

    /// <summary>The number of the commit whose content the store holds; 0 = none.</summary>
    /// <param name="owner">It has just claimed.</param>
    /// <exception cref="InvalidOperationException">The content is not that of exactly one commit.</exception>
    public static async Task<long> ReadVersionAsync(IStateStore store, StoreOwner owner, int partition = 0)
    {
        long version = owner.Meta.Fence.CommitSeq;
        LoadedPartition loaded = await owner.LoadAsync();
        StoredCustomer? read = await store.ReadCustomerAsync(partition, Id(0), CancellationToken.None);
        IReadOnlyList<byte[]?> populations = await store.ReadPopulationsAsync(partition + 1, CancellationToken.None);

        byte[] record = BitConverter.GetBytes(version);
        int[] numbers = [.. Enumerable.Range(0, version == 0 ? 0 : Customers)];
        Check("hot records", loaded.Hot.Select(Text), numbers.Select(i => Text(Id(i), record)));
        Check("cold records", loaded.Cold.Select(Text), numbers.Where(i => HasCold(i, version)).Select(i => Text(Id(i), record)));
        Check("outbox", loaded.Outbox.Select(entry => $"{entry.Key}"), Kept(version).Select(seq => $"{seq}"));
        Check("ring", [Convert.ToHexString(loaded.Recent)], [Convert.ToHexString(Ring(version))]);
        Check("population", populations.OfType<byte[]>().Select(Convert.ToHexString), numbers.Take(1).Select(_ => Convert.ToHexString(record)));
        Check("read", read is null ? [] : [Convert.ToHexString(read.Hot)], numbers.Take(1).Select(_ => Convert.ToHexString(record)));
        return version;

        void Check(string what, IEnumerable<string> actual, IEnumerable<string> expected)
        {
            if (!actual.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)))
                throw new InvalidOperationException($"torn: {what} is not that of commit {version}: {string.Join(' ', actual)}");
        }
    }

    private static byte[] Id(int i) => StoreOwner.Bytes($"customer {i}");

    private static bool HasCold(int i, long version) => (i + version) % 2 == 0;

    private static IEnumerable<long> Kept(long version)
    {
        for (long seq = Math.Max(1, version - OutboxKept + 1); seq <= version; seq++)
            yield return seq;
    }

    private static byte[] Ring(long version)
    {
        var ring = new byte[version * sizeof(ulong)];
        for (int i = 0; i < version; i++)
            BinaryPrimitives.WriteInt64LittleEndian(ring.AsSpan(i * sizeof(ulong)), i + 1);
        return ring;
    }

    private static string Text(KeyValuePair<byte[], byte[]> entry) => Text(entry.Key, entry.Value);

    private static string Text(byte[] id, byte[] record) => $"{Convert.ToHexString(id)}={Convert.ToHexString(record)}";
}
