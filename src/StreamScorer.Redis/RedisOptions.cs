namespace StreamScorer.Redis;

/// <summary>How to reach Redis and what the keys are called.</summary>
public sealed record RedisOptions
{
    /// <summary>Servers as <c>host:port</c>: one, or some nodes of a cluster.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = ["localhost:6379"];

    /// <summary>Password, or null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Encrypts the connections.</summary>
    public bool Ssl { get; init; }

    /// <summary>File in PEM with the only authorities whose certificates are believed, or null for those that the system trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>First part of every key. Two deployments may share a Redis under different prefixes. No braces: they choose the cluster slot.</summary>
    public string Prefix { get; init; } = "ss";

    /// <summary>Longest wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Longest wait until something more of a reply arrives, or until what is sent is taken; a reply that keeps arriving may take longer as a whole.
    /// A commit that waits longer ends as <see cref="Engine.Commit.CommitOutcome.Unknown"/>.
    /// </summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
