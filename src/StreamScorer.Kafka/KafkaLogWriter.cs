using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka.Publish;

namespace StreamScorer.Kafka;

/// <summary>
/// Feeds a topic with many records, in order per partition. Appending waits when the broker is slower; <see cref="FlushAsync"/> tells whether everything
/// arrived. One caller at a time.
/// </summary>
public sealed class KafkaLogWriter : IAsyncDisposable
{
    private readonly string topic;
    private readonly string servers;
    private readonly KafkaTopics topics;
    private readonly QueueingProducer producer;
    private int partitionCount;
    private long appended;
    private long reported;
    private long awaited = -1;
    private TaskCompletionSource flushed = new();
    private Error? refusal;

    /// <param name="topic">Topic to append to; it must exist.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message names field, value and what is allowed.</exception>
    /// <exception cref="DllNotFoundException">librdkafka is not installed; the message names the package.</exception>
    public KafkaLogWriter(KafkaOptions options, string topic, ILogger<KafkaLogWriter> logger)
    {
        this.topic = topic;
        servers = options.BootstrapServers;
        topics = new KafkaTopics(options, logger, (message, cause, transient) => new EventSourceException(message, cause) { IsTransient = transient });
        producer = new QueueingProducer(KafkaClientConfig.BulkProducer(options), Reported, logger);
    }

    /// <summary>Connects and returns the number of partitions. Comes first.</summary>
    /// <exception cref="EventSourceException">The topic does not exist or cannot be reached; the message names the fix.</exception>
    public async ValueTask<int> OpenAsync(CancellationToken cancellation)
    {
        partitionCount = await topics.PartitionCountAsync(topic, cancellation, producer).ConfigureAwait(false);
        return partitionCount > 0
            ? partitionCount
            : throw new EventSourceException($"Topic '{topic}' does not exist at {servers}, or this client may not see it. Create it, or name another one.");
    }

    /// <summary>Lowest readable offset of a partition and the one that the next record will get.</summary>
    /// <exception cref="EventSourceException">No broker answered; the message names the fix.</exception>
    public async ValueTask<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellation) =>
        await topics.OffsetsAsync(topic, partition, cancellation).ConfigureAwait(false);

    /// <summary>Appends to the partition that the Java client would choose (<see cref="Engine.Source.Partitioner.Murmur2"/>).</summary>
    /// <returns>The partition.</returns>
    /// <exception cref="EventSourceException">The record was refused.</exception>
    public async ValueTask<int> AppendAsync(byte[] key, byte[]? value, CancellationToken cancellation)
    {
        int partition = Engine.Source.Partitioner.Murmur2(key, partitionCount);
        await AppendAsync(partition, key, value, [], cancellation).ConfigureAwait(false);
        return partition;
    }

    /// <summary>Appends to a partition of the caller's choice. The arrays must not change until this has completed.</summary>
    /// <param name="headers">In order; names may repeat and values may be null.</param>
    /// <exception cref="EventSourceException">The record was refused.</exception>
    public async ValueTask AppendAsync(
        int partition, byte[]? key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers, CancellationToken cancellation)
    {
        try
        {
            await producer.EnqueueAsync(topic, partition, key, value, RecordHeaders.Pack(headers), token: 0, cancellation).ConfigureAwait(false);
            appended++;
        }
        catch (KafkaException e)
        {
            throw Refused(e.Error);
        }
    }

    /// <summary>Completes when everything appended so far is acknowledged.</summary>
    /// <exception cref="EventSourceException">A record was refused; the message says why.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The target is published before the count is read, and reports count before they read the target: one of the two sees the other.
        Interlocked.Exchange(ref awaited, appended);
        if (Interlocked.Read(ref reported) != appended)
            await flushed.Task.WaitAsync(cancellation).ConfigureAwait(false);
        if (Volatile.Read(ref refusal) is { } error)
            throw Refused(error);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        producer.Dispose();
        topics.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Reported(long token, ErrorCode error, long offset)
    {
        if (error != ErrorCode.NoError)
            Interlocked.CompareExchange(ref refusal, new Error(error), null);
        if (Interlocked.Increment(ref reported) == Interlocked.Read(ref awaited))
            flushed.TrySetResult();
    }

    private EventSourceException Refused(Error error) => new($"Topic '{topic}' at {servers} refused a record: {error.Reason} ({error.Code}).");
}
