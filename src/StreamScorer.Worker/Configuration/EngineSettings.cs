using System.ComponentModel.DataAnnotations;

namespace StreamScorer.Worker.Configuration;

/// <summary>Keys <c>Engine:*</c>.</summary>
public sealed record EngineSettings
{
    /// <summary>Most records in one commit.</summary>
    [Range(1, 10_000)]
    public int BatchSizeMax { get; init; } = 500;

    /// <summary>Bytes to be published at which a commit is closed; Redis takes it in one piece. At most half of <c>Engine:OutboxBytesMax</c>.</summary>
    [Range(65_536, 256 << 20)]
    public int CommitBytesMax { get; init; } = 16 << 20;

    /// <summary>Bytes of a partition that are committed and wait to be published, at which it takes no more records.</summary>
    [Range(131_072, int.MaxValue)]
    public int OutboxBytesMax { get; init; } = 64 << 20;

    /// <summary>What moves a partition's clock.</summary>
    public ClockKind Clock { get; init; } = ClockKind.Wall;

    /// <summary>How far a caught-up partition's clock stays behind the wall clock.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan IdleGrace { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How far an event may be ahead of the wall clock before it is rejected.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan FutureToleranceMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time between two re-evaluations of all relative tiers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RecalibrationInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Go on although records between the stored offset and the input are missing; for one start, as <c>run --accept-gap</c>.</summary>
    public bool AcceptGap { get; init; }

    /// <summary>Empty the state at the start and build it anew from the whole input; for one start of one worker, as <c>run --rebuild</c>.</summary>
    public bool Rebuild { get; init; }

    /// <summary>Longest time that a partition may take to finish its work when it goes to another worker. Less than <c>Kafka:GroupTimeout</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan RevokeDrainMax { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>What moves a partition's clock.</summary>
public enum ClockKind
{
    /// <summary>Events, and the wall clock while the partition is caught up: live topics.</summary>
    Wall,

    /// <summary>Events and clock records only: replays and imports.</summary>
    Event,
}
