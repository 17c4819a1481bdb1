using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamScorer.Kafka.Native;

namespace StreamScorer.Kafka.Publish;

/// <summary>A producer whose full queue makes the caller wait instead of failing. Safe for concurrent use; order is kept per caller and partition.</summary>
internal sealed class QueueingProducer : IDeliveryReports, IDisposable
{
    private readonly NativeProducer producer;
    private readonly Action<long, ErrorCode, long> reported;
    private TaskCompletionSource roomMade = NewSignal();
    private int waiting;

    /// <param name="reported">
    /// Told a record's token, whether it was refused, and its offset. Runs on the client's thread and must not block or throw.
    /// </param>
    /// <exception cref="ArgumentException">The configuration is wrong; the message names the property.</exception>
    public QueueingProducer(ProducerConfig config, Action<long, ErrorCode, long> reported, ILogger logger)
    {
        this.reported = reported;
        producer = new NativeProducer(config, this, logger);
    }

    /// <inheritdoc cref="NativeProducer.PartitionCount"/>
    public int PartitionCount(string topic, TimeSpan timeout) => producer.PartitionCount(topic, timeout);

    /// <inheritdoc cref="NativeProducer.FatalError"/>
    public Error? FatalError() => producer.FatalError();

    /// <summary>Queues one record, whose content is copied; waits while the queue is full.</summary>
    /// <param name="packedHeaders">By <see cref="Engine.Source.RecordHeaders"/>.</param>
    /// <param name="token">Given back with the report.</param>
    /// <exception cref="KafkaException">The record was not queued and will not be reported.</exception>
    public ValueTask EnqueueAsync(
        string topic, int partition, byte[]? key, byte[]? value, byte[] packedHeaders, long token, CancellationToken cancellation)
    {
        return TryEnqueue(topic, partition, key, value, packedHeaders, token)
            ? ValueTask.CompletedTask
            : new ValueTask(EnqueueWhenRoomAsync(topic, partition, key, value, packedHeaders, token, cancellation));
    }

    /// <inheritdoc/>
    public void Dispose() => producer.Dispose();

    /// <inheritdoc/>
    void IDeliveryReports.Reported(long token, ErrorCode error, long offset) => reported(token, error, offset);

    /// <inheritdoc/>
    void IDeliveryReports.RoomMade()
    {
        if (Volatile.Read(ref waiting) > 0)
            Interlocked.Exchange(ref roomMade, NewSignal()).TrySetResult();
    }

    private async Task EnqueueWhenRoomAsync(
        string topic, int partition, byte[]? key, byte[]? value, byte[] packedHeaders, long token, CancellationToken cancellation)
    {
        Interlocked.Increment(ref waiting);
        try
        {
            while (true)
            {
                // Taken before the attempt: a report that comes in between completes it.
                Task room = Volatile.Read(ref roomMade).Task;
                if (TryEnqueue(topic, partition, key, value, packedHeaders, token))
                    return;
                await room.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private bool TryEnqueue(string topic, int partition, byte[]? key, byte[]? value, byte[] packedHeaders, long token) =>
        producer.TryProduce(topic, partition, key, value, packedHeaders, token) switch
        {
            null => true,
            { Code: ErrorCode.Local_QueueFull } => false,
            { } refusal => throw new KafkaException(refusal),
        };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
