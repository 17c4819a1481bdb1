using System.Buffers.Binary;
using StreamScorer.Engine.Commit;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.State;

/// <summary>
/// The duplicates ring as rows of <see cref="StripIds"/> ids: a commit rewrites the one or two strips it touches instead of a megabyte.
/// </summary>
internal sealed class RecentWriter(SqliteStatement select, SqliteStatement replace)
{
    public const string SelectSql = "SELECT ids FROM recent WHERE partition = ? AND strip = ?";

    public const string ReplaceSql = "INSERT OR REPLACE INTO recent VALUES (?, ?, ?)";

    /// <summary>Ids per row; a divisor of the ring's capacity.</summary>
    private const int StripIds = 512;

    private readonly byte[] buffer = new byte[StripIds * sizeof(ulong)];

    /// <summary>Writes the commit's new ids into their slots.</summary>
    public void Write(int partition, PartitionCommit commit)
    {
        long first = commit.Next.RecentCount - commit.RecentIds.Length;
        for (int done = 0; done < commit.RecentIds.Length;)
        {
            int slot = (int)((first + done) % PartitionMeta.RecentCapacity);
            int within = slot % StripIds;
            int count = Math.Min(commit.RecentIds.Length - done, StripIds - within);
            int used = Math.Max(Read(partition, slot / StripIds), (within + count) * sizeof(ulong));
            for (int i = 0; i < count; i++)
                BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan((within + i) * sizeof(ulong)), commit.RecentIds[done + i]);
            replace.Bind(1, partition).Bind(2, slot / StripIds).Bind(3, buffer.AsSpan(0, used)).Run();
            done += count;
        }
    }

    /// <summary>Reads a strip into the buffer and returns how many of its bytes are used.</summary>
    private int Read(int partition, int strip)
    {
        if (!select.Bind(1, partition).Bind(2, strip).Step())
            return 0;
        ReadOnlySpan<byte> ids = select.Blob(0);
        ids.CopyTo(buffer);
        int used = ids.Length;
        select.Reset();
        return used;
    }
}
