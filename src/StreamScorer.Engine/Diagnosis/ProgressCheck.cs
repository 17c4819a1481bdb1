using System.Globalization;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;

namespace StreamScorer.Engine.Diagnosis;

/// <summary>Compares where the state says that reading goes on with what the input still holds.</summary>
public static class ProgressCheck
{
    // Unread records that are older than this share of the retention will soon be gone.
    private const double RetentionShareMax = 0.5;

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
        string subject = string.Create(CultureInfo.InvariantCulture, $"{topic} partition {partition}");
        if (stored.Offset < available.Low)
        {
            return Finding.Error(
                subject,
                $"The state goes on at offset {stored.Offset}, but the lowest readable offset is {available.Low}: {available.Low - stored.Offset} unread records are gone by retention.",
                "Raise retention.ms of the topic; to go on without those records start the worker with --accept-gap.");
        }
        if (stored.Offset > available.End)
        {
            return Finding.Error(
                subject,
                $"The state goes on at offset {stored.Offset}, but the topic ends at {available.End}: it was recreated, or this is another cluster.",
                "Correct Kafka:BootstrapServers or Kafka:TransactionsTopic; if the topic was recreated start the worker with --rebuild.");
        }
        TimeSpan age = TimeSpan.FromMilliseconds(Math.Max(0, nowUnixMs - stored.LastRecordTimestampMs));
        return retention is { } kept && stored.LastRecordTimestampMs > 0 && stored.Offset < available.End && age > kept * RetentionShareMax
            ? Finding.Warning(
                subject,
                $"The newest record in the state is {age.TotalHours.ToString("F1", CultureInfo.InvariantCulture)} h old and the topic keeps records for "
                + $"{kept.TotalHours.ToString("F1", CultureInfo.InvariantCulture)} h: unread records vanish soon.",
                "Start workers, or raise retention.ms of the topic.")
            : null;
    }
}
