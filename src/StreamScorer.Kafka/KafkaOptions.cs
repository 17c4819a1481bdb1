namespace StreamScorer.Kafka;

/// <summary>How to reach Kafka and what to read and write there. <see cref="Validate"/> says what is wrong with it.</summary>
public sealed record KafkaOptions
{
    /// <summary>Comma-separated <c>host:port</c> of some brokers of the cluster.</summary>
    public string BootstrapServers { get; init; } = "localhost:9092";

    /// <summary>Topic of the customer transactions, keyed by customer id.</summary>
    public string TransactionsTopic { get; init; } = "transactions";

    /// <summary>Topic of the published tier transitions; needs as many partitions as the transactions topic.</summary>
    public string TransitionsTopic { get; init; } = "tier-transitions";

    /// <summary>Topic of the records that could not be used; needs as many partitions as the transactions topic.</summary>
    public string DeadLettersTopic { get; init; } = "transactions.dead-letters";

    /// <summary>Consumer group that shares the partitions among workers.</summary>
    public string GroupId { get; init; } = "streamscorer";

    /// <summary>Name of this member in the group, for static membership (KIP-345); empty = dynamic.</summary>
    public string GroupInstanceId { get; init; } = "";

    /// <summary>Silence after which the group gives a worker's partitions to others, 4,000 to 300,000 milliseconds; brokers have limits of their own.</summary>
    public int SessionTimeoutMs { get; init; } = 10_000;

    /// <summary>Longest wait for the first contact, for metadata and for offsets, 100 to 300,000 milliseconds.</summary>
    public int ConnectTimeoutMs { get; init; } = 10_000;

    /// <summary>Records handed over together, 1 to 10,000.</summary>
    public int BatchSizeMax { get; init; } = 500;

    /// <summary>Batches of one partition that may wait for its processor, 1 to 1,024.</summary>
    public int QueuedBatchesMax { get; init; } = 8;

    /// <summary>
    /// Records of one partition fetched ahead, 1 to 10,000,000. Fetching a full partition resumes up to a second later, so it should cover 1.5 s of
    /// its rate; about 0.5 KB each besides their bytes.
    /// </summary>
    public int PrefetchRecords { get; init; } = 100_000;

    /// <summary>Kilobytes of one partition fetched ahead, 1 to 2,000,000.</summary>
    public int PrefetchKilobytes { get; init; } = 65_536;

    /// <summary>How long a broker may hold back an empty answer, 1 to 1,000 milliseconds.</summary>
    public int FetchWaitMaxMs { get; init; } = 10;

    /// <summary>
    /// How long a published record may wait for company, 0 to 1,000 milliseconds. What is committed together is published together anyway: the first record goes
    /// alone, and the others while it is under way. Of 32 records and more the last one waits a millisecond at least.
    /// </summary>
    public double LingerMs { get; init; }

    /// <summary>
    /// Further librdkafka properties for every client, such as <c>security.protocol</c>, <c>sasl.mechanism</c> or <c>ssl.ca.location</c>.
    /// Those that this product's guarantees rest on are refused.
    /// </summary>
    public IReadOnlyDictionary<string, string> Client { get; init; } = new Dictionary<string, string>();

    /// <summary>Everything that is wrong, each naming field, value and what is allowed; empty when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Present(nameof(BootstrapServers), BootstrapServers);
        Present(nameof(TransactionsTopic), TransactionsTopic);
        Present(nameof(TransitionsTopic), TransitionsTopic);
        Present(nameof(DeadLettersTopic), DeadLettersTopic);
        Present(nameof(GroupId), GroupId);
        Within(nameof(SessionTimeoutMs), SessionTimeoutMs, 4_000, 300_000);
        Within(nameof(ConnectTimeoutMs), ConnectTimeoutMs, 100, 300_000);
        Within(nameof(BatchSizeMax), BatchSizeMax, 1, 10_000);
        Within(nameof(QueuedBatchesMax), QueuedBatchesMax, 1, 1_024);
        Within(nameof(PrefetchRecords), PrefetchRecords, 1, 10_000_000);
        Within(nameof(PrefetchKilobytes), PrefetchKilobytes, 1, 2_000_000);
        Within(nameof(FetchWaitMaxMs), FetchWaitMaxMs, 1, 1_000);
        Within(nameof(LingerMs), LingerMs, 0, 1_000);
        if (new HashSet<string> { TransactionsTopic, TransitionsTopic, DeadLettersTopic }.Count < 3)
            errors.Add("Kafka topics: transactions, transitions and dead letters must be three different topics.");
        foreach (string key in Client.Keys.Where(KafkaClientConfig.IsReserved))
            errors.Add($"Kafka:Client:{key} = '{Client[key]}': set by this product and cannot be changed.");
        return errors;

        void Present(string field, string value)
        {
            if (string.IsNullOrWhiteSpace(value))
                errors.Add($"Kafka:{field} = '{value}': must not be empty.");
        }

        void Within(string field, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
                errors.Add(FormattableString.Invariant($"Kafka:{field} = {value}: must be {least} to {most}."));
        }
    }
}
