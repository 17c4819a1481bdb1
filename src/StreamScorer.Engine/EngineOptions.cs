namespace StreamScorer.Engine;

/// <summary>What moves the partition clock besides events.</summary>
public enum ClockMode
{
    /// <summary>The wall clock too, while the partition is caught up: for live topics.</summary>
    Wall,

    /// <summary>Only events and clock records: for replays and imports.</summary>
    Event,
}

/// <summary>Every limit of the engine. Times are milliseconds.</summary>
public sealed record EngineOptions
{
    /// <summary>Most records, timers or swept customers in one commit. 1 to 10,000.</summary>
    public int BatchSizeMax { get; init; } = 500;

    /// <summary>What moves the partition clock.</summary>
    public ClockMode Clock { get; init; } = ClockMode.Wall;

    /// <summary>How far the clock of a caught-up partition stays behind the wall clock, so that events under way are not overtaken.</summary>
    public long IdleGraceMs { get; init; } = 500;

    /// <summary>An event further ahead of the wall clock than this is rejected: one bad clock must not poison a partition.</summary>
    public long FutureToleranceMs { get; init; } = 300_000;

    /// <summary>Time between two sweeps that re-evaluate all customers of a partition for the relative schemes.</summary>
    public long RecalibrationIntervalMs { get; init; } = 60_000;

    /// <summary>Longest stride of a sweep that catches up with a clock that jumped.</summary>
    public long RecalibrationStrideMaxMs { get; init; } = 86_400_000;

    /// <summary>Longest time that a revoked partition may drain.</summary>
    public long RevokeDrainMaxMs { get; init; } = 10_000;

    /// <summary>Committed but unpublished entries at which a partition stops taking records.</summary>
    public int OutboxMax { get; init; } = 50_000;

    /// <summary>Bytes of such entries at which a partition stops taking records.</summary>
    public long OutboxBytesMax { get; init; } = 64 << 20;

    /// <summary>Bytes of entries at which a commit is closed, so that one batch of large dead letters does not exceed what a server takes at once.</summary>
    public int CommitBytesMax { get; init; } = 16 << 20;

    /// <summary>Longest value of a dead letter, bytes; of a longer one the beginning is kept.</summary>
    public int DeadLetterBytesMax { get; init; } = 900_000;

    /// <summary>Entries kept free for the worst case of one batch, per record.</summary>
    public int OutboxReservePerRecord { get; init; } = 24;

    /// <summary>Most entries handed to the sink at once.</summary>
    public int PublishBatchMax { get; init; } = 1_000;

    /// <summary>Most output records read back on a claim; more means that the store went back further than a crash explains.</summary>
    public int ReadBackMax { get; init; } = 1_000_000;

    /// <summary>Schemes whose transitions are published; all are computed. Empty = the badge scheme, churn and lifecycle.</summary>
    public IReadOnlyList<string> PublishSchemes { get; init; } = [];

    /// <summary>How long an erased customer's earlier events are ignored; after that a copy of one would begin a new customer.</summary>
    public long ErasureMarkerTtlMs { get; init; } = 400L * 86_400_000;

    /// <summary>Share of unusable records above which a partition pauses, 0 to 1; 1 = never.</summary>
    public double DeadLetterRateMax { get; init; } = 1;

    /// <summary>Records that the share is taken over.</summary>
    public int DeadLetterWindow { get; init; } = 1_000;

    /// <summary>How long a partition pauses for its unusable records before it tries one batch.</summary>
    public long DeadLetterPauseMs { get; init; } = 60_000;

    /// <summary>Goes on although records are missing: from the stored offset, or from the nearest that can be read.</summary>
    public bool AcceptGap { get; init; }

    /// <summary>Empties the state once, at the start, and builds it anew from the whole input, publishing nothing that was published before.</summary>
    public bool Rebuild { get; init; }

    /// <summary>Version of the application, a header of dead letters.</summary>
    public string ApplicationVersion { get; init; } = "0";
}
