using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace StreamScorer.Kafka;

/// <summary>Every log message of the Kafka project. None is written per record.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(200, LogLevel.Information, "Assigned {Topic} partitions [{Partitions}]")]
    public static partial void PartitionsAssigned(this ILogger logger, string topic, string partitions);

    [LoggerMessage(201, LogLevel.Information, "Revoked {Topic} partitions [{Partitions}]")]
    public static partial void PartitionsRevoked(this ILogger logger, string topic, string partitions);

    [LoggerMessage(202, LogLevel.Warning, "Lost {Topic} partitions [{Partitions}]: another worker owns them already")]
    public static partial void PartitionsLost(this ILogger logger, string topic, string partitions);

    [LoggerMessage(203, LogLevel.Warning, "Consuming {Topic} partition {Partition}: {Reason} ({Code}); retrying")]
    public static partial void ConsumeRetried(this ILogger logger, string topic, int partition, string reason, ErrorCode code);

    [LoggerMessage(204, LogLevel.Debug, "Progress of {Topic} partition {Partition} not stored: {Reason}")]
    public static partial void ProgressRefused(this ILogger logger, string topic, int partition, string reason);

    [LoggerMessage(205, LogLevel.Warning, "Dead letter {Id} of {Bytes} bytes is too large for {Topic}; its value is cut to {Kept} bytes")]
    public static partial void DeadLetterTruncated(this ILogger logger, string id, int bytes, string topic, int kept);

    [LoggerMessage(206, LogLevel.Warning, "Kafka client: {Reason} ({Code}); retrying")]
    private static partial void ClientRetries(this ILogger logger, string reason, ErrorCode code);

    [LoggerMessage(EventId = 207, Message = "Kafka client {Client}: {Facility}: {Text}")]
    private static partial void ClientLog(this ILogger logger, LogLevel level, string client, string facility, string text);

    /// <summary>What the client library reports about its connections; it goes on retrying.</summary>
    public static void ClientError(this ILogger logger, Error error) => logger.ClientRetries(error.Reason, error.Code);

    /// <summary>A line of the client library's own log.</summary>
    public static void ClientMessage(this ILogger logger, LogMessage message) =>
        logger.ClientLog(
            (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging), message.Name, message.Facility, message.Message);
}
