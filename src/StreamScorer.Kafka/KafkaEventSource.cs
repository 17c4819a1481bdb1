using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka.Publish;
using StreamScorer.Kafka.Source;

namespace StreamScorer.Kafka;

/// <summary>
/// Transactions from a Kafka topic, shared among workers by a consumer group. The group's offsets are written for lag tools and never read: each
/// partition starts where its processor says.
/// </summary>
/// <exception cref="ArgumentException">The options are wrong; the message names field, value and what is allowed.</exception>
/// <exception cref="DllNotFoundException">librdkafka is not installed; the message names the package.</exception>
public sealed class KafkaEventSource(KafkaOptions options, ILogger<KafkaEventSource> logger) : IEventSource
{
    private readonly KafkaTopics topics = new(options, logger, (message, cause, transient) => new EventSourceException(message, cause) { IsTransient = transient });
    private readonly ConcurrentDictionary<int, long> progress = new();

    /// <inheritdoc/>
    public string Topic => options.TransactionsTopic;

    /// <inheritdoc/>
    public async ValueTask<int> OpenAsync(CancellationToken cancellation)
    {
        int count = await topics.PartitionCountAsync(Topic, cancellation).ConfigureAwait(false);
        return count > 0
            ? count
            : throw new EventSourceException(TopicChecks.Input(options, count).Message);
    }

    /// <inheritdoc/>
    public Task RunAsync(IPartitionOwner owner, CancellationToken stopping) =>
        Task.Factory.StartNew(
            () =>
            {
                Thread.CurrentThread.Name = "kafka-consumer";
                using var loop = new ConsumerLoop(options, owner, progress, logger);
                loop.Run(stopping);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    /// <inheritdoc/>
    public async ValueTask<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellation) =>
        await topics.OffsetsAsync(Topic, partition, cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<RecordIdentity?> IdentifyAsync(int partition, long offset, CancellationToken cancellation)
    {
        OffsetRange range = await GetOffsetsAsync(partition, cancellation).ConfigureAwait(false);
        if (offset < range.Low || offset >= range.End)
            return null;
        using var reader = new PartitionReader(options, new TopicPartition(Topic, partition), offset, range.End, logger);
        try
        {
            return await Task.Run(() => reader.Identify(offset, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            throw new EventSourceException($"Topic '{Topic}' partition {partition} cannot be read: {e.Error.Reason} ({e.Error.Code}).", e) { IsTransient = true };
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> GetProgressAsync(int partition, CancellationToken cancellation) =>
        await topics.CommittedAsync(Topic, partition, cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public void ReportProgress(int partition, long nextOffset) => progress[partition] = nextOffset;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        topics.Dispose();
        return ValueTask.CompletedTask;
    }
}
