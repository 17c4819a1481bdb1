using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;

namespace StreamScorer.Kafka.Publish;

/// <summary>Reads one partition from an offset up to an end and no further. Joins no group. Not safe for concurrent use.</summary>
internal sealed class PartitionReader : IDisposable
{
    private const int ChunkRecordsMax = 500;

    private readonly IConsumer<byte[]?, byte[]?> consumer;
    private readonly long end;
    private bool done;

    /// <param name="from">First offset to read.</param>
    /// <param name="end">Offset that follows the last one to read; above <paramref name="from"/>.</param>
    public PartitionReader(KafkaOptions options, TopicPartition partition, long from, long end, ILogger logger)
    {
        this.end = end;
        consumer = new ConsumerBuilder<byte[]?, byte[]?>(KafkaClientConfig.Reader(options))
            .SetLogHandler((_, message) => logger.ClientMessage(message))
            .SetErrorHandler((_, error) => logger.ClientError(error))
            .Build();
        consumer.Assign(new TopicPartitionOffset(partition, from));
    }

    /// <summary>The next records in order; none when the end is reached. Blocks.</summary>
    /// <exception cref="KafkaException">They cannot be read.</exception>
    public List<PublishedRecord> Next(CancellationToken cancellation)
    {
        var chunk = new List<PublishedRecord>();
        while (!done && chunk.Count < ChunkRecordsMax)
        {
            ConsumeResult<byte[]?, byte[]?> result = consumer.Consume(cancellation);
            if (!result.IsPartitionEOF && result.Offset < end)
                chunk.Add(Record(result));
            // Transaction markers at the end are never delivered; then the end of the partition is the sign.
            done = result.IsPartitionEOF || result.Offset >= end - 1;
        }
        return chunk;
    }

    /// <summary>The first record read, if it is the one at <paramref name="offset"/>; null when there is none. Blocks.</summary>
    /// <exception cref="KafkaException">It cannot be read.</exception>
    public RecordIdentity? Identify(long offset, CancellationToken cancellation)
    {
        ConsumeResult<byte[]?, byte[]?> result = consumer.Consume(cancellation);
        return !result.IsPartitionEOF && result.Offset == offset
            ? RecordIdentity.Of(result.Message.Timestamp.UnixTimestampMs, result.Message.Value)
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => consumer.Dispose();

    private static PublishedRecord Record(ConsumeResult<byte[]?, byte[]?> result) => new(
        result.Offset.Value,
        result.Message.Key,
        result.Message.Value,
        [.. result.Message.Headers.Select(header => new KeyValuePair<string, byte[]?>(header.Key, header.GetValueBytes()))]);
}
