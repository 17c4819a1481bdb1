namespace StreamScorer.Redis;

/// <summary>
/// The keys of one partition. The braces are Redis Cluster's hash tag: all keys of a partition share a slot, so that a commit can be one transaction.
/// </summary>
internal sealed class PartitionKeys(string prefix, string topic, int partition)
{
    private readonly string root = $"{prefix}:{{{topic}:{partition}}}";

    /// <summary>Hash: fence, offset, counters and the other fields of the meta, readable by people.</summary>
    public string Meta => root + ":meta";

    /// <summary>Hash: customer id to hot record.</summary>
    public string State => root + ":state";

    /// <summary>Hash: customer id to cold record.</summary>
    public string Cold => root + ":cold";

    /// <summary>
    /// Hash: <see cref="OutboxRun.Name"/> to the encoded entries of one commit, one behind the other. A field for each entry would take a tenth of the server's time
    /// where many customers change tier.
    /// </summary>
    public string Outbox => root + ":outbox";

    /// <summary>String: the duplicates ring, 8 bytes little-endian per slot.</summary>
    public string Recent => root + ":recent";

    /// <summary>String: the partition's population sketch.</summary>
    public string Population => root + ":population";

    /// <summary>Hash: keyed hash of an erased customer's id (16 hex digits) to the instant of the erasure.</summary>
    public string Erased => root + ":erased";

    /// <summary>All keys, in the order that <see cref="RedisScripts.Claim"/> expects.</summary>
    public string[] All => [Meta, State, Cold, Outbox, Recent, Population, Erased];
}
