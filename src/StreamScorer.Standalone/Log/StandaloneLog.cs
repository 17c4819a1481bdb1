using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.Log;

/// <summary>The durable log in the standalone file: what the three topics of a Kafka deployment are there.</summary>
public sealed class StandaloneLog(StandaloneDatabase database)
{
    /// <summary>Topic of the input.</summary>
    public const string Transactions = "transactions";

    /// <summary>Topic of the published transitions.</summary>
    public const string Transitions = "tier-transitions";

    /// <summary>Topic of the records that could not be used.</summary>
    public const string DeadLetters = "transactions.dead-letters";

    /// <summary>A partition of the input has grown to at least this end offset; may come out of order. Must not block.</summary>
    internal event Action<int, long>? Appended;

    /// <summary>Number of partitions of every topic.</summary>
    public int PartitionCount => database.PartitionCount;

    /// <summary>Appends transactions to the input. They are on disk when it completes; appends that wait together share a flush.</summary>
    /// <param name="block">Must not be changed before it completes.</param>
    /// <returns>The offsets that the records got.</returns>
    /// <exception cref="SqliteException">Disk full or failing: nothing was appended.</exception>
    public async Task<OffsetRange> AppendAsync(int partition, LogBlock block)
    {
        if ((uint)partition >= (uint)PartitionCount)
            throw new ArgumentOutOfRangeException(nameof(partition), partition, $"partition must be 0 to {PartitionCount - 1}");
        OffsetRange appended = await database.Writes.RunAsync(writer => writer.Log.Append(Transactions, partition, block), durable: true);
        Appended?.Invoke(partition, appended.End);
        return appended;
    }

    /// <summary>Readable offsets of a partition of a topic.</summary>
    public OffsetRange GetOffsets(string topic, int partition)
    {
        using SqliteConnection connection = database.OpenReader();
        using var selectEnd = new SqliteStatement(connection, LogReader.SelectEndSql);
        return new OffsetRange(0, LogReader.End(selectEnd, topic, partition));
    }

    /// <summary>The records of a partition of a topic from <paramref name="from"/> to its present end, at most <paramref name="recordsMax"/>.</summary>
    public IReadOnlyList<PublishedRecord> Read(string topic, int partition, long from, int recordsMax) =>
        Read(topic, partition, from, recordsMax, blocksMax: int.MaxValue);

    /// <summary>The records from <paramref name="from"/> to the end of those that were appended with it; none behind the end.</summary>
    internal IReadOnlyList<PublishedRecord> ReadBlock(string topic, int partition, long from) => Read(topic, partition, from, int.MaxValue, blocksMax: 1);

    private List<PublishedRecord> Read(string topic, int partition, long from, int recordsMax, int blocksMax)
    {
        var records = new List<PublishedRecord>();
        using SqliteConnection connection = database.OpenReader();
        LogReader.Read(connection, topic, partition, from, blocksMax, (in SourceRecord record) =>
        {
            records.Add(new PublishedRecord(
                record.Offset,
                record.HasKey ? record.Key.ToArray() : null,
                record.HasValue ? record.Value.ToArray() : null,
                new UnpackedHeaders(record.Headers)));
            return records.Count < recordsMax;
        });
        return records;
    }

    internal RecordIdentity? Identify(string topic, int partition, long wanted)
    {
        RecordIdentity? identity = null;
        using SqliteConnection connection = database.OpenReader();
        LogReader.Read(connection, topic, partition, wanted, blocksMax: 1, (in SourceRecord record) =>
        {
            identity = record.Offset == wanted ? RecordIdentity.Of(record.TimestampMs, record.Value) : null;
            return false;
        });
        return identity;
    }

    internal RecordBatch? ReadBatch(int partition, long from, int recordsMax, int generation)
    {
        var batch = new RecordBatch(generation);
        using (SqliteConnection connection = database.OpenReader())
        {
            LogReader.Read(connection, Transactions, partition, from, blocksMax: int.MaxValue, (in SourceRecord record) =>
            {
                batch.Add(record.Offset, record.TimestampMs, record.HasKey, record.Key, record.HasValue, record.Value, record.Headers);
                return batch.Count < recordsMax;
            });
        }
        if (batch.Count > 0)
            return batch;
        batch.Dispose();
        return null;
    }

    /// <summary>Appends to both outputs, or to none.</summary>
    /// <returns>The end of the transitions, or -1 when there is none among the records.</returns>
    internal Task<long> PublishAsync(int partition, LogBlocks transitions, LogBlocks deadLetters) => database.Writes.RunAsync(
        writer =>
        {
            foreach (LogBlock block in deadLetters.Filled)
                writer.Log.Append(DeadLetters, partition, block);
            long end = -1;
            foreach (LogBlock block in transitions.Filled)
                end = writer.Log.Append(Transitions, partition, block).End;
            return end;
        },
        durable: false);
}
