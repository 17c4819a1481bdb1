using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.Log;

/// <summary>Receives a record; its spans are valid during the call.</summary>
/// <returns>False to end the reading.</returns>
internal delegate bool TakeRecord(in SourceRecord record);

/// <summary>Reads table <c>log</c>.</summary>
internal static class LogReader
{
    public const string SelectEndSql =
        "SELECT base_offset + count FROM log WHERE topic = ? AND partition = ? ORDER BY base_offset DESC LIMIT 1";

    private const string SelectBlocksSql = """
        SELECT base_offset, count, records FROM log
        WHERE topic = ?1 AND partition = ?2 AND base_offset >= coalesce(
          (SELECT max(base_offset) FROM log WHERE topic = ?1 AND partition = ?2 AND base_offset <= ?3), 0)
        ORDER BY base_offset
        """;

    /// <summary>Offset that the next appended record will get.</summary>
    public static long End(SqliteStatement selectEnd, string topic, int partition)
    {
        bool any = selectEnd.Bind(1, topic).Bind(2, partition).Step();
        long end = any ? selectEnd.Int64(0) : 0;
        selectEnd.Reset();
        return end;
    }

    /// <summary>Hands over the records from <paramref name="from"/> on, in order, as of one instant; of at most so many blocks.</summary>
    public static void Read(SqliteConnection connection, string topic, int partition, long from, int blocksMax, TakeRecord take)
    {
        using var blocks = new SqliteStatement(connection, SelectBlocksSql);
        blocks.Bind(1, topic).Bind(2, partition).Bind(3, from);
        for (int block = 0; block < blocksMax && blocks.Step(); block++)
        {
            long first = blocks.Int64(0);
            long end = first + blocks.Int64(1);
            ReadOnlySpan<byte> stored = blocks.Blob(2);
            for (long offset = first; offset < end; offset++)
            {
                SourceRecord record = LogBlock.Take(ref stored, offset);
                if (offset >= from && !take(record))
                    return;
            }
        }
    }
}
