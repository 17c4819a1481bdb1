using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamScorer.Kafka.Native;

namespace StreamScorer.Kafka.Publish;

/// <summary>A producer whose full queue makes the caller wait instead of failing. Safe for concurrent use; order is kept per caller and partition.</summary>
internal sealed class QueueingProducer : IDisposable
{
    private readonly IProducer<byte[]?, byte[]?> producer;
    private TaskCompletionSource roomMade = NewSignal();
    private int waiting;

    public QueueingProducer(ProducerConfig config, ILogger logger)
    {
        NativeLibrdkafka.EnsureLoaded();
        producer = new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetLogHandler((_, message) => logger.ClientMessage(message))
            .SetErrorHandler((_, error) => logger.ClientError(error))
            .Build();
    }

    /// <summary>The client underneath.</summary>
    public Handle Handle => producer.Handle;

    /// <summary>Queues one record; waits while the queue is full. <paramref name="reported"/> runs on the client's thread and must not block or throw.</summary>
    /// <exception cref="KafkaException">The record was not queued and will not be reported.</exception>
    public ValueTask EnqueueAsync(
        TopicPartition target, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>> reported, CancellationToken cancellation)
    {
        Action<DeliveryReport<byte[]?, byte[]?>> report = delivered =>
        {
            reported(delivered);
            SignalRoom();
        };
        return TryEnqueue(target, message, report)
            ? ValueTask.CompletedTask
            : new ValueTask(EnqueueWhenRoomAsync(target, message, report, cancellation));
    }

    /// <inheritdoc/>
    public void Dispose() => producer.Dispose();

    private async Task EnqueueWhenRoomAsync(
        TopicPartition target, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>> report, CancellationToken cancellation)
    {
        Interlocked.Increment(ref waiting);
        try
        {
            while (true)
            {
                // Taken before the attempt: a report that comes in between completes it.
                Task room = Volatile.Read(ref roomMade).Task;
                if (TryEnqueue(target, message, report))
                    return;
                await room.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private bool TryEnqueue(TopicPartition target, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>> report)
    {
        try
        {
            producer.Produce(target, message, report);
            return true;
        }
        catch (KafkaException e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private void SignalRoom()
    {
        if (Volatile.Read(ref waiting) > 0)
            Interlocked.Exchange(ref roomMade, NewSignal()).TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
