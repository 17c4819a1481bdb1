using StreamScorer.Worker.Input;

namespace StreamScorer.Worker.Replay;

/// <summary>What to replay, and how.</summary>
public sealed record ReplayRequest
{
    /// <summary>Most worker processes of a distributed replay.</summary>
    public const int WorkersMax = 64;

    /// <summary>The input.</summary>
    public required string File { get; init; }

    /// <summary>Columns of a CSV file.</summary>
    public required ColumnMap Map { get; init; }

    /// <summary>Instant, in UTC, up to which the clock runs after the last event; null = the file's last time.</summary>
    public DateTime? AsOf { get; init; }

    /// <summary>Through Kafka and Redis, by worker processes, instead of the standalone engine.</summary>
    public bool IsDistributed { get; init; }

    /// <summary>Worker processes of a distributed replay, 1..<see cref="WorkersMax"/>.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>JSON instead of tables.</summary>
    public bool Json { get; init; }
}
