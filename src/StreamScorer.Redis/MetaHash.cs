using System.Globalization;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>A partition's meta as fields of a Redis hash, in decimal, so that <c>HGETALL</c> shows it to people.</summary>
internal static class MetaHash
{
    /// <summary>Number of fields that <see cref="Write"/> writes.</summary>
    public const int Fields = 22;

    /// <summary>Field of <see cref="PartitionMeta.PublishedSeq"/>.</summary>
    public static ReadOnlySpan<byte> PublishedSeq => "publishedSeq"u8;

    /// <summary>Writes field, value, field, value.</summary>
    public static void Write(RespWriter target, in PartitionMeta meta) => target
        .Add("fence"u8).Add(meta.Fence.ToString())
        .Add("offset"u8).Add(meta.Offset)
        .Add("outboxSeq"u8).Add(meta.OutboxSeq)
        .Add(PublishedSeq).Add(meta.PublishedSeq)
        .Add("sinkPosition"u8).Add(meta.SinkPosition)
        .Add("incarnation"u8).Add(meta.Incarnation)
        .Add("layout"u8).Add(meta.Layout)
        .Add("policyVersion"u8).Add(meta.PolicyVersion)
        .Add("clockMs"u8).Add(meta.ClockMs)
        .Add("recentCount"u8).Add(meta.RecentCount)
        .Add("lastRecordHash"u8).Add(meta.LastRecordHash)
        .Add("lastRecordTimestampMs"u8).Add(meta.LastRecordTimestampMs)
        .Add("publishFromOffset"u8).Add(meta.PublishFromOffset)
        .Add("assessedPolicyVersion"u8).Add(meta.AssessedPolicyVersion)
        .Add("live"u8).Add(meta.IsLive ? 1 : 0)
        .Add("consumed"u8).Add(meta.Counters.Consumed)
        .Add("applied"u8).Add(meta.Counters.Applied)
        .Add("duplicate"u8).Add(meta.Counters.Duplicate)
        .Add("deadLettered"u8).Add(meta.Counters.DeadLettered)
        .Add("erased"u8).Add(meta.Counters.Erased)
        .Add("late"u8).Add(meta.Counters.Late)
        .Add("lateInexact"u8).Add(meta.Counters.LateInexact);

    /// <summary>Reads what <see cref="Write"/> wrote. Unknown fields are left alone: a newer version may have added them.</summary>
    /// <param name="fields">Field, value, field, value.</param>
    /// <param name="key">The hash, for messages.</param>
    /// <exception cref="StateStoreException">A field is missing or is not a number.</exception>
    public static PartitionMeta Read(string[] fields, string key)
    {
        Dictionary<string, string> values = fields.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
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
