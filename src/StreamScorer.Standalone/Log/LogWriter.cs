using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.Log;

/// <summary>Appends to table <c>log</c>, inside a transaction of the caller's.</summary>
internal sealed class LogWriter(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement selectEnd = new(connection, LogReader.SelectEndSql);
    private readonly SqliteStatement insert = new(connection, "INSERT INTO log VALUES (?, ?, ?, ?, ?)");

    /// <summary>Appends a block and returns the offsets that its records got.</summary>
    public OffsetRange Append(string topic, int partition, LogBlock block)
    {
        long first = LogReader.End(selectEnd, topic, partition);
        if (block.Count > 0)
            insert.Bind(1, topic).Bind(2, partition).Bind(3, first).Bind(4, block.Count).Bind(5, block.Bytes).Run();
        return new OffsetRange(first, first + block.Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        selectEnd.Dispose();
        insert.Dispose();
    }
}
