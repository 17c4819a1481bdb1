using System.Globalization;
using StackExchange.Redis;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>A partition's meta as fields of a Redis hash, in decimal, so that <c>HGETALL</c> shows it to people.</summary>
internal static class MetaHash
{
    public static readonly RedisValue Fence = "fence";

    public static HashEntry[] Write(in PartitionMeta meta) =>
    [
        new(Fence, meta.Fence.ToString()),
        new("offset", meta.Offset),
        new("outboxSeq", meta.OutboxSeq),
        new("publishedSeq", meta.PublishedSeq),
        new("sinkPosition", meta.SinkPosition),
        new("incarnation", meta.Incarnation),
        new("layout", meta.Layout),
        new("policyVersion", meta.PolicyVersion),
        new("clockMs", meta.ClockMs),
        new("recentCount", meta.RecentCount),
        new("lastRecordHash", (long)meta.LastRecordHash),
        new("lastRecordTimestampMs", meta.LastRecordTimestampMs),
        new("publishFromOffset", meta.PublishFromOffset),
        new("assessedPolicyVersion", meta.AssessedPolicyVersion),
        new("live", meta.IsLive ? 1 : 0),
        new("consumed", meta.Counters.Consumed),
        new("applied", meta.Counters.Applied),
        new("duplicate", meta.Counters.Duplicate),
        new("deadLettered", meta.Counters.DeadLettered),
        new("erased", meta.Counters.Erased),
        new("late", meta.Counters.Late),
        new("lateInexact", meta.Counters.LateInexact),
    ];

    /// <summary>Reads what <see cref="Write"/> wrote. Unknown fields are left alone: a newer version may have added them.</summary>
    /// <exception cref="StateStoreException">A field is missing or is not a number.</exception>
    public static PartitionMeta Read(IEnumerable<KeyValuePair<string, string?>> fields, RedisKey key)
    {
        var values = new Dictionary<string, string?>(fields);
        return new PartitionMeta
        {
            Fence = Engine.Commit.Fence.TryParse(values.GetValueOrDefault("fence"), out Fence fence)
                ? fence
                : throw Unreadable("fence", "epoch:commitSeq"),
            Offset = Number("offset"),
            OutboxSeq = Number("outboxSeq"),
            PublishedSeq = Number("publishedSeq"),
            SinkPosition = Number("sinkPosition"),
            Incarnation = Number("incarnation"),
            Layout = (int)Number("layout"),
            PolicyVersion = Number("policyVersion"),
            ClockMs = Number("clockMs"),
            RecentCount = Number("recentCount"),
            LastRecordHash = (uint)Number("lastRecordHash"),
            LastRecordTimestampMs = Number("lastRecordTimestampMs"),
            PublishFromOffset = NumberOrZero("publishFromOffset"),
            AssessedPolicyVersion = NumberOrZero("assessedPolicyVersion"),
            IsLive = NumberOrZero("live") != 0,
            Counters = new PartitionCounters(
                Number("consumed"),
                Number("applied"),
                Number("duplicate"),
                Number("deadLettered"),
                Number("erased"),
                Number("late"),
                Number("lateInexact")),
        };

        // Fields that older versions do not write.
        long NumberOrZero(string field) => values.ContainsKey(field) ? Number(field) : 0;

        long Number(string field) => long.TryParse(values.GetValueOrDefault(field), CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Unreadable(field, "a whole number");

        StateStoreException Unreadable(string field, string allowed) =>
            new($"Redis key {key}: field {field} is '{values.GetValueOrDefault(field)}' instead of {allowed}; restore the key");
    }
}
