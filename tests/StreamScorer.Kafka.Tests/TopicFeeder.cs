using Confluent.Kafka;
using StreamScorer.Contracts;

namespace StreamScorer.Kafka.Tests;

/// <summary>Appends records to the transactions topic with a plain producer.</summary>
internal sealed class TopicFeeder(KafkaOptions options) : IDisposable
{
    private readonly IProducer<byte[]?, byte[]?> producer = new ProducerBuilder<byte[]?, byte[]?>(
        new ProducerConfig { BootstrapServers = options.BootstrapServers, LingerMs = 0, CompressionType = CompressionType.Zstd, MessageTimeoutMs = 60_000 }).Build();

    /// <summary>Appends in order; completes when all are acknowledged.</summary>
    public Task AppendAsync(int partition, IReadOnlyList<InputRecord> records) =>
        Task.WhenAll(records.Select(record => producer.ProduceAsync(new TopicPartition(options.TransactionsTopic, partition), Message(record))));

    public void Dispose() => producer.Dispose();

    private static Message<byte[]?, byte[]?> Message(InputRecord record)
    {
        var headers = new Headers();
        foreach ((string name, byte[]? value) in record.Headers)
            headers.Add(name, value);
        return new Message<byte[]?, byte[]?>
        {
            Key = record.Key,
            Value = record.Value,
            Timestamp = new Timestamp(record.TimestampMs, TimestampType.CreateTime),
            Headers = headers,
        };
    }
}
