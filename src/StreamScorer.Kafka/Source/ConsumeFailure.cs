using Confluent.Kafka;
using StreamScorer.Engine.Source;

namespace StreamScorer.Kafka.Source;

/// <summary>Which events of a partition end consumption, and what to tell people then. Going on would skip records.</summary>
internal static class ConsumeFailure
{
    private static readonly TimeSpan WatermarksTimeout = TimeSpan.FromSeconds(5);

    /// <summary>True when reading on is impossible or would lose records; else the client retries by itself.</summary>
    public static bool Ends(Error error) => error.IsFatal || error.Code
        is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange
        or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition
        or ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed
        or ErrorCode.Local_BadMsg or ErrorCode.Local_BadCompression or ErrorCode.Local_UnsupportedFeature or ErrorCode.InvalidMsg;

    /// <summary>The failure in words.</summary>
    public static EventSourceException Explain<TKey, TValue>(
        IConsumer<TKey, TValue> consumer, KafkaOptions options, PartitionFeed? feed, int partition, Error error)
    {
        string topic = options.TransactionsTopic;
        return new EventSourceException(error.Code switch
        {
            ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange =>
                $"Topic '{topic}' partition {partition}: offset {feed?.NextOffset.ToString() ?? "unknown"} cannot be read; {Watermarks(consumer, topic, partition)}. "
                + "Its records were deleted, or the topic was recreated. Keep records longer, or start with --accept-gap or --rebuild.",
            ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition =>
                $"Topic '{topic}' does not exist any more at {options.BootstrapServers}. Create it, or set Kafka:TransactionsTopic.",
            ErrorCode.TopicAuthorizationFailed =>
                $"Reading topic '{topic}' is not allowed: grant READ and DESCRIBE on it to this client's principal.",
            ErrorCode.GroupAuthorizationFailed =>
                $"Joining group '{options.GroupId}' is not allowed: grant READ on it to this client's principal, or set Kafka:GroupId.",
            _ => $"Topic '{topic}' partition {partition} cannot be read after offset {feed?.NextOffset.ToString() ?? "unknown"}: {error.Reason} ({error.Code}).",
        });
    }

    private static string Watermarks<TKey, TValue>(IConsumer<TKey, TValue> consumer, string topic, int partition)
    {
        try
        {
            WatermarkOffsets offsets = consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), WatermarksTimeout);
            return $"readable are {offsets.Low.Value} (low watermark) up to {offsets.High.Value} (high watermark)";
        }
        catch (KafkaException e)
        {
            return $"its watermarks are unknown ({e.Error.Reason})";
        }
    }
}
