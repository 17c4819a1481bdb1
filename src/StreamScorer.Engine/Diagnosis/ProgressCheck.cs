using System.Globalization;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;

namespace StreamScorer.Engine.Diagnosis;

/// <summary>Compares where the state says that reading goes on with what the input still holds.</summary>
public static class ProgressCheck
{
    // Unread records that are older than this share of the retention will soon be gone.
    private const double RetentionShareMax = 0.5;

    /// <summary>Why reading cannot go on at an offset, or null when it can.</summary>
    /// <param name="topic">Name of the input.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="offset">Of the next record, as the state says.</param>
    /// <param name="available">Readable offsets.</param>
    public static Finding? Unreadable(string topic, int partition, long offset, OffsetRange available)
    {
        if (offset < available.Low)
        {
            return Finding.Error(
                SubjectOf(topic, partition),
                $"the next record is {offset}, but the input begins at {available.Low}: {available.Low - offset} records were deleted before they were processed.",
                "Keep records longer (retention.ms); go on without them: run --accept-gap; or build the state anew from what is left: run --rebuild.");
        }
        return offset <= available.End ? null : Finding.Error(
            SubjectOf(topic, partition),
            $"the next record is {offset}, but the input ends at {available.End}: the topic was recreated, lost its tail, or is another cluster's.",
            "Restore it, or correct Kafka:BootstrapServers and the topic; go on with what comes from now on: run --accept-gap; or build the state anew: run --rebuild.");
    }

    /// <summary>What is wrong with one partition, or null.</summary>
    /// <param name="topic">Name of the input.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="meta">The state's meta; null when the partition was never claimed.</param>
    /// <param name="available">Readable offsets.</param>
    /// <param name="retention">How long the topic keeps records; null when unknown or for ever.</param>
    /// <param name="nowUnixMs">The present.</param>
    public static Finding? Judge(string topic, int partition, PartitionMeta? meta, OffsetRange available, TimeSpan? retention, long nowUnixMs)
    {
        if (meta is not { Offset: >= 0 } stored)
            return null;
        if (Unreadable(topic, partition, stored.Offset, available) is { } unreadable)
            return unreadable;
        TimeSpan age = TimeSpan.FromMilliseconds(Math.Max(0, nowUnixMs - stored.LastRecordTimestampMs));
        return retention is { } kept && stored.LastRecordTimestampMs > 0 && stored.Offset < available.End && age > kept * RetentionShareMax
            ? Finding.Warning(
                SubjectOf(topic, partition),
                $"the newest record in the state is {age.TotalHours.ToString("F1", CultureInfo.InvariantCulture)} h old and the topic keeps records for "
                + $"{kept.TotalHours.ToString("F1", CultureInfo.InvariantCulture)} h: unread records vanish soon.",
                "Start workers, or raise retention.ms of the topic.")
            : null;
    }

    private static string SubjectOf(string topic, int partition) => string.Create(CultureInfo.InvariantCulture, $"Partition {partition} of '{topic}'");
}
