using System.Buffers.Binary;
using StreamScorer.Engine.Commit;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.State;

/// <summary>
/// The duplicates ring as rows of <see cref="SegmentIds"/> ids: a commit rewrites the one or two segments it touches instead of a megabyte.
/// </summary>
internal sealed class RecentWriter(SqliteStatement select, SqliteStatement replace)
{
    public const string SelectSql = "SELECT ids FROM recent WHERE partition = ? AND segment = ?";

    public const string ReplaceSql = "INSERT OR REPLACE INTO recent VALUES (?, ?, ?)";

    /// <summary>Ids per row; a divisor of the ring's capacity.</summary>
    private const int SegmentIds = 512;

    private readonly byte[] buffer = new byte[SegmentIds * sizeof(ulong)];

    /// <summary>Writes the commit's new ids into their slots.</summary>
    public void Write(int partition, PartitionCommit commit)
    {
        long first = commit.Next.RecentCount - commit.RecentIds.Count;
        for (int done = 0; done < commit.RecentIds.Count;)
        {
            int slot = (int)((first + done) % PartitionMeta.RecentCapacity);
            int within = slot % SegmentIds;
            int count = Math.Min(commit.RecentIds.Count - done, SegmentIds - within);
            int used = Math.Max(Read(partition, slot / SegmentIds), (within + count) * sizeof(ulong));
            for (int i = 0; i < count; i++)
                BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan((within + i) * sizeof(ulong)), commit.RecentIds[done + i]);
            replace.Bind(1, partition).Bind(2, slot / SegmentIds).Bind(3, buffer.AsSpan(0, used)).Run();
            done += count;
        }
    }

    /// <summary>Reads a segment into the buffer and returns how many of its bytes are used.</summary>
    private int Read(int partition, int segment)
    {
        if (!select.Bind(1, partition).Bind(2, segment).Step())
            return 0;
        ReadOnlySpan<byte> ids = select.Blob(0);
        ids.CopyTo(buffer);
        int used = ids.Length;
        select.Reset();
        return used;
    }
}
