namespace StreamScorer.Testing.Servers;

/// <summary>How a <see cref="RedisServerProcess"/> runs.</summary>
public sealed record RedisServerOptions
{
    /// <summary>Keeps an append-only file, given to the system before each reply; else nothing survives the process.</summary>
    public bool AppendOnly { get; init; }

    /// <summary>Eviction policy; anything but <c>noeviction</c> is refused by the product.</summary>
    public string EvictionPolicy { get; init; } = "noeviction";

    /// <summary>Memory limit in bytes; 0 = none.</summary>
    public long MaxMemoryBytes { get; init; }

    /// <summary>Password that clients must give, or null.</summary>
    public string? Password { get; init; }

    /// <summary>Port of a primary on this machine that it follows, or null.</summary>
    public int? ReplicaOf { get; init; }

    /// <summary>A command that clients may not give, or null.</summary>
    public string? DeniedCommand { get; init; }

    /// <summary>Whether it is a node of a cluster, which owns no slot yet.</summary>
    public bool IsClusterNode { get; init; }

    /// <summary>Whether it speaks TLS alone, with <c>server.crt</c> and <c>server.key</c> (PEM) of its directory.</summary>
    public bool IsEncrypted { get; init; }

    internal IEnumerable<string> Arguments(int port, string directory)
    {
        // Not everysec: behind a slow disk it holds writes back for two seconds, and a kill would lose what was acknowledged.
        string[] arguments =
        [
            "--port", $"{(IsEncrypted ? 0 : port)}", "--bind", "127.0.0.1", "--dir", directory, "--save", "", "--daemonize", "no",
            "--appendonly", AppendOnly ? "yes" : "no", "--appendfsync", "no",
            "--maxmemory", $"{MaxMemoryBytes}", "--maxmemory-policy", EvictionPolicy,
        ];
        return
        [
            .. arguments,
            .. Password is null ? [] : (string[])["--requirepass", Password],
            .. ReplicaOf is null ? [] : (string[])["--replicaof", "127.0.0.1", $"{ReplicaOf}"],
            .. IsClusterNode ? (string[])["--cluster-enabled", "yes"] : [],
            .. IsEncrypted ? (string[])["--tls-port", $"{port}", "--tls-cert-file", "server.crt", "--tls-key-file", "server.key", "--tls-auth-clients", "no"] : [],
            .. DeniedCommand is null ? [] : (string[])["--user", "default", "on", "nopass", "~*", "&*", "+@all", $"-{DeniedCommand}"],
        ];
    }
}
