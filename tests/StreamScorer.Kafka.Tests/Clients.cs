using Microsoft.Extensions.Logging.Abstractions;

namespace StreamScorer.Kafka.Tests;

/// <summary>The project's clients without a log.</summary>
internal static class Clients
{
    public static KafkaEventSource Source(KafkaOptions options) => new(options, NullLogger<KafkaEventSource>.Instance);

    public static KafkaTransitionSink Sink(KafkaOptions options) => new(options, NullLogger<KafkaTransitionSink>.Instance);

    public static KafkaLogWriter Writer(KafkaOptions options) => new(options, options.TransactionsTopic, NullLogger<KafkaLogWriter>.Instance);
}
