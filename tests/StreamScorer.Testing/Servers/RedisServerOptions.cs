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

    internal IEnumerable<string> Arguments(int port, string directory)
    {
        // Not everysec: behind a slow disk it holds writes back for two seconds, and a kill would lose what was acknowledged.
        string[] arguments =
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", directory, "--save", "", "--daemonize", "no",
            "--appendonly", AppendOnly ? "yes" : "no", "--appendfsync", "no",
            "--maxmemory", $"{MaxMemoryBytes}", "--maxmemory-policy", EvictionPolicy,
        ];
        return Password is null ? arguments : [.. arguments, "--requirepass", Password];
    }
}
