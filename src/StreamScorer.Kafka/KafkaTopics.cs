using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka.Native;
using StreamScorer.Kafka.Publish;

namespace StreamScorer.Kafka;

/// <summary>
/// Asks brokers about topics: partition counts and readable offsets. Joins no group and reads no records. Safe for concurrent use.
/// When no broker answers in time, or access is refused, the asking port's own exception says so and names the fix.
/// </summary>
internal sealed class KafkaTopics : IDisposable
{
    private readonly KafkaOptions options;
    private readonly IConsumer<Ignore, Ignore> client;
    private readonly TimeSpan timeout;
    private readonly Func<string, Exception, bool, Exception> failure;

    /// <param name="failure">Makes the exception of the asking port from a message that names the fix, the cause, and whether it may pass by itself.</param>
    /// <exception cref="DllNotFoundException">librdkafka is not installed; the message names the package.</exception>
    /// <exception cref="ArgumentException">The options are wrong; the message names field, value and what is allowed.</exception>
    public KafkaTopics(KafkaOptions options, ILogger logger, Func<string, Exception, bool, Exception> failure)
    {
        NativeLibrdkafka.EnsureLoaded();
        if (options.Validate() is [_, ..] errors)
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        this.options = options;
        this.failure = failure;
        timeout = TimeSpan.FromMilliseconds(options.ConnectTimeoutMs);
        try
        {
            client = new ConsumerBuilder<Ignore, Ignore>(KafkaClientConfig.Reader(options))
                .SetLogHandler((_, message) => logger.ClientMessage(message))
                .SetErrorHandler((_, error) => logger.ClientError(error))
                .Build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new ArgumentException($"Kafka:Client: {e.Message}", nameof(options), e);
        }
    }

    /// <summary>Number of partitions of <paramref name="topic"/>, or 0 when it does not exist or may not be seen.</summary>
    /// <param name="asker">
    /// The producer that asks, and knows the topic's leaders from then on; null for this object's own. A producer that does not know them makes the first
    /// record of a topic wait up to a second (librdkafka before 2.10.1).
    /// </param>
    public Task<int> PartitionCountAsync(string topic, CancellationToken cancellation, QueueingProducer? asker = null) => Ask(
        () =>
        {
            // All topics, because asking for one by name may create it, with the broker's default number of partitions.
            if (asker is not null)
                return asker.PartitionCount(topic, timeout);
            // Not kept: an open admin client polls without pause and burns half a core.
            using IAdminClient admin = new DependentAdminClientBuilder(client.Handle).Build();
            TopicMetadata? found = admin.GetMetadata(timeout).Topics.Find(t => t.Topic == topic);
            return found?.Partitions.Count ?? 0;
        },
        $"topic '{topic}'",
        cancellation);

    /// <summary>Lowest readable offset of a partition and the one that the next record will get.</summary>
    public Task<OffsetRange> OffsetsAsync(string topic, int partition, CancellationToken cancellation) => Ask(
        () =>
        {
            WatermarkOffsets offsets = client.QueryWatermarkOffsets(new TopicPartition(topic, partition), timeout);
            return new OffsetRange(offsets.Low.Value, offsets.High.Value);
        },
        $"topic '{topic}', partition {partition}",
        cancellation);

    /// <summary>The configuration of a topic.</summary>
    /// <exception cref="KafkaException">No broker answered, or it may not be asked.</exception>
    public async Task<DescribeConfigsResult> DescribeAsync(string topic, TimeSpan limit)
    {
        using IAdminClient admin = new DependentAdminClientBuilder(client.Handle).Build();
        return (await admin.DescribeConfigsAsync(
            [new ConfigResource { Type = ResourceType.Topic, Name = topic }], new DescribeConfigsOptions { RequestTimeout = limit })).Single();
    }

    /// <summary>The group's committed offset of a partition, or -1.</summary>
    public Task<long> CommittedAsync(string topic, int partition, CancellationToken cancellation) => Ask(
        () => Math.Max(-1, client.Committed([new TopicPartition(topic, partition)], timeout)[0].Offset.Value),
        $"group '{options.GroupId}', topic '{topic}', partition {partition}",
        cancellation);

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async Task<T> Ask<T>(Func<T> question, string subject, CancellationToken cancellation)
    {
        try
        {
            // The client blocks; LongRunning keeps many partitions that start together from starving the pool.
            return await Task.Factory
                .StartNew(question, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            throw failure(Explain(subject, e.Error), e, !IsRefusal(e.Error));
        }
    }

    private static bool IsRefusal(Error error) => error.Code
        is ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.GroupAuthorizationFailed;

    private string Explain(string subject, Error error) => error.Code switch
    {
        ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve or ErrorCode.Local_TimedOut
            or ErrorCode.Local_WaitCoord or ErrorCode.BrokerNotAvailable =>
            $"No Kafka broker answered at {options.BootstrapServers} within {options.ConnectTimeoutMs} ms (asked about {subject}: {error.Reason}). "
            + "Check Kafka:BootstrapServers, that the broker runs and that its advertised listener can be reached from here.",
        _ when IsRefusal(error) =>
            $"Kafka at {options.BootstrapServers} refuses access to {subject}: {error.Reason}. Grant it to this client's principal.",
        _ => $"Kafka at {options.BootstrapServers} could not answer about {subject}: {error.Reason} ({error.Code}).",
    };
}
