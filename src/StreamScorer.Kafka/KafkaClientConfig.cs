using Confluent.Kafka;

namespace StreamScorer.Kafka;

/// <summary>The client settings that guarantees and latency rest on, in one place.</summary>
internal static class KafkaClientConfig
{
    // Longer than a commit's records take to be queued. The client does not measure less.
    private const double DenseLingerMs = 1;

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "bootstrap.servers", "metadata.broker.list", "group.id", "group.instance.id", "session.timeout.ms", "heartbeat.interval.ms",
        "partition.assignment.strategy", "enable.auto.commit", "enable.auto.offset.store", "auto.commit.interval.ms", "auto.offset.reset",
        "enable.partition.eof", "allow.auto.create.topics", "acks", "request.required.acks", "enable.idempotence", "message.timeout.ms",
        "delivery.timeout.ms", "enable.gapless.guarantee", "transactional.id", "linger.ms", "queue.buffering.max.ms",
        "queued.min.messages", "queued.max.messages.kbytes", "fetch.wait.max.ms",
    };

    /// <summary>True for a property that a configuration may not override.</summary>
    public static bool IsReserved(string property) => Reserved.Contains(property);

    /// <summary>
    /// The consumer of transactions. The range assignor, because cooperative-sticky on librdkafka 2.0 loses the whole assignment when a commit meets
    /// a rebalance. <c>auto.offset.reset=error</c>, because the default would silently skip or repeat what the store says comes next. Offsets are
    /// committed from explicitly stored progress only.
    /// </summary>
    public static ConsumerConfig Source(KafkaOptions options) => new(Shared(options))
    {
        GroupId = options.GroupId,
        GroupInstanceId = options.GroupInstanceId.Length == 0 ? null : options.GroupInstanceId,
        SessionTimeoutMs = options.SessionTimeoutMs,
        HeartbeatIntervalMs = Math.Min(3_000, options.SessionTimeoutMs / 4),
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range,
        EnableAutoCommit = true,
        EnableAutoOffsetStore = false,
        AutoCommitIntervalMs = 1_000,
        AutoOffsetReset = AutoOffsetReset.Error,
        EnablePartitionEof = true,
        FetchWaitMaxMs = options.FetchWaitMaxMs,
        QueuedMinMessages = options.PrefetchRecords,
        QueuedMaxMessagesKbytes = options.PrefetchKilobytes,
    };

    /// <summary>A consumer outside any group: it asks for metadata and offsets, and reads the output back.</summary>
    public static ConsumerConfig Reader(KafkaOptions options) => new(Shared(options))
    {
        // The client library insists on a group and looks its coordinator up, so it is the one that this client may use; it is never joined.
        GroupId = options.GroupId,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Error,
        EnablePartitionEof = true,
        FetchWaitMaxMs = options.FetchWaitMaxMs,
    };

    /// <summary>
    /// A producer that keeps order and retries for as long as it lives: giving up on one record would let later ones overtake it.
    /// </summary>
    public static ProducerConfig Producer(KafkaOptions options) => Producer(options, CompressionType.Lz4);

    /// <summary>
    /// A producer of many records that are queued at once. The first of them waits for the others: else it goes alone, the client's thread is woken again and again while
    /// they are queued, and they take several requests. That is a tenth of the worker's time where many customers change tier.
    /// </summary>
    public static ProducerConfig DenseProducer(KafkaOptions options)
    {
        ProducerConfig config = Producer(options);
        config.LingerMs = Math.Max(options.LingerMs, DenseLingerMs);
        return config;
    }

    /// <summary>A producer for volume: it waits for large batches, and a full queue holds its caller back at a bounded amount of memory.</summary>
    public static ProducerConfig BulkProducer(KafkaOptions options)
    {
        ProducerConfig config = Producer(options, CompressionType.Zstd);
        config.LingerMs = 20;
        config.BatchNumMessages = 50_000;
        config.BatchSize = 900_000;
        config.QueueBufferingMaxMessages = 200_000;
        return config;
    }

    // Of small batches lz4 takes a quarter of the time: zstd first clears tables that are larger than the batch. It makes large ones smaller.
    private static ProducerConfig Producer(KafkaOptions options, CompressionType compression)
    {
        var config = new ProducerConfig(Shared(options))
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            MessageTimeoutMs = 0,
            LingerMs = options.LingerMs,
            RetryBackoffMs = 50,
        };
        if (!options.Client.ContainsKey("compression.type") && !options.Client.ContainsKey("compression.codec"))
            config.CompressionType = compression;
        return config;
    }

    private static Dictionary<string, string> Shared(KafkaOptions options)
    {
        var config = new Dictionary<string, string>
        {
            // At the default of ten seconds a broker that is back is not noticed for that long.
            ["reconnect.backoff.max.ms"] = "1000",
            ["client.id"] = "streamscorer",
            // A small request would wait for the acknowledgement of the one before it.
            ["socket.nagle.disable"] = "true",
        };
        foreach ((string property, string value) in options.Client)
            config[property] = value;
        config["bootstrap.servers"] = options.BootstrapServers;
        return config;
    }
}
