using System.ComponentModel.DataAnnotations;

namespace StreamScorer.Worker.Configuration;

/// <summary>Keys <c>Kafka:*</c>; read when <c>Source</c> is <c>kafka</c>.</summary>
public sealed record KafkaSettings
{
    /// <summary>Brokers to ask first, <c>HOST:PORT</c> separated by commas.</summary>
    [HostPorts]
    public string BootstrapServers { get; init; } = "";

    /// <summary>Input topic: transactions, keyed by customer id.</summary>
    [Required]
    public string TransactionsTopic { get; init; } = "transactions";

    /// <summary>Output topic for tier transitions, with as many partitions as the input.</summary>
    [Required]
    public string TransitionsTopic { get; init; } = "tier-transitions";

    /// <summary>Output topic for records that could not be used.</summary>
    [Required]
    public string DeadLettersTopic { get; init; } = "transactions.dead-letters";

    /// <summary>Consumer group that shares the partitions.</summary>
    [Required]
    public string GroupId { get; init; } = "streamscorer";

    /// <summary>Time without a heartbeat after which the group gives this worker's partitions away. At most <c>Kafka:Client:max.poll.interval.ms</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:04", "00:05:00")]
    public TimeSpan GroupTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Name of this worker in the group, another one for every worker: one that is back within <c>Kafka:GroupTimeout</c> gets its partitions again without a
    /// rebalance. Empty = each start is a new member.
    /// </summary>
    [RegularExpression("[A-Za-z0-9._-]{0,249}")]
    public string GroupInstanceId { get; init; } = "";

    /// <summary>Longest wait of a fetch that finds nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:01")]
    public TimeSpan FetchWaitMax { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Further settings of the client library by its own names, for SASL and TLS (<c>Kafka:Client:security.protocol</c>).
    /// </summary>
    public Dictionary<string, string> Client { get; init; } = [];

    /// <summary>
    /// File with further settings of the client library, a <c>name=value</c> a line and <c>#</c> for notes, for credentials that are mounted; what
    /// <c>Kafka:Client</c> says wins.
    /// </summary>
    public string ClientFile { get; init; } = "";
}
