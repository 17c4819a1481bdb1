using StreamScorer.Engine.Commit;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.State;

/// <summary>A partition's meta as a row of table <c>meta</c>.</summary>
internal static class MetaTable
{
    public const string SelectSql = "SELECT * FROM meta WHERE partition = ?";

    public const string ReplaceSql = "INSERT OR REPLACE INTO meta VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

    /// <summary>The meta of a partition, or null when it was never claimed.</summary>
    public static PartitionMeta? Find(SqliteStatement select, int partition)
    {
        if (!select.Bind(1, partition).Step())
            return null;
        var meta = new PartitionMeta
        {
            Fence = new Fence(select.Int64(1), select.Int64(2)),
            Offset = select.Int64(3),
            OutboxSeq = select.Int64(4),
            PublishedSeq = select.Int64(5),
            SinkPosition = select.Int64(6),
            Incarnation = select.Int64(7),
            Layout = (int)select.Int64(8),
            PolicyVersion = select.Int64(9),
            ClockMs = select.Int64(10),
            RecentCount = select.Int64(11),
            LastRecordHash = (uint)select.Int64(12),
            LastRecordTimestampMs = select.Int64(13),
            PublishFromOffset = select.Int64(21),
            AssessedPolicyVersion = select.Int64(22),
            IsLive = select.Int64(23) != 0,
            Counters = new PartitionCounters(
                select.Int64(14), select.Int64(15), select.Int64(16), select.Int64(17), select.Int64(18), select.Int64(19), select.Int64(20)),
        };
        select.Reset();
        return meta;
    }

    public static void Replace(SqliteStatement replace, int partition, in PartitionMeta meta)
    {
        PartitionCounters counters = meta.Counters;
        ReadOnlySpan<long> columns =
        [
            partition, meta.Fence.Epoch, meta.Fence.CommitSeq, meta.Offset, meta.OutboxSeq, meta.PublishedSeq, meta.SinkPosition, meta.Incarnation,
            meta.Layout, meta.PolicyVersion, meta.ClockMs, meta.RecentCount, meta.LastRecordHash, meta.LastRecordTimestampMs, counters.Consumed,
            counters.Applied, counters.Duplicate, counters.DeadLettered, counters.Erased, counters.Late, counters.LateInexact, meta.PublishFromOffset,
            meta.AssessedPolicyVersion, meta.IsLive ? 1 : 0,
        ];
        for (int i = 0; i < columns.Length; i++)
            replace.Bind(i + 1, columns[i]);
        replace.Run();
    }
}
