using StreamScorer.Engine.Publish;

namespace StreamScorer.Kafka.Tests;

/// <summary>Reads any topic through the sink's own way of reading transitions back.</summary>
internal static class KafkaOutput
{
    /// <summary>Everything in a partition of a topic.</summary>
    public static async Task<IReadOnlyList<PublishedRecord>> ReadAsync(KafkaOptions options, string topic, int partition)
    {
        KafkaOptions aimed = options with { TransitionsTopic = topic, TransactionsTopic = "-", DeadLettersTopic = "--" };
        await using var sink = Clients.Sink(aimed);
        var records = new List<PublishedRecord>();
        await foreach (PublishedRecord record in sink.ReadAsync(partition, 0, CancellationToken.None))
            records.Add(record);
        return records;
    }
}
