using System.ComponentModel.DataAnnotations;

namespace StreamScorer.Worker.Configuration;

/// <summary>Keys <c>DeadLetter:*</c>.</summary>
public sealed record DeadLetterSettings
{
    /// <summary>
    /// Longest value that is kept whole, bytes; of a longer one the first 64 KiB are, and headers tell its length and hash: it cannot be replayed. At most
    /// <c>Engine:CommitBytesMax</c>, and with Kafka 65,536 less than <c>Kafka:Client:message.max.bytes</c> (1,000,000).
    /// </summary>
    [Range(1_024, 256 << 20)]
    public int ValueBytesMax { get; init; } = 900_000;

    /// <summary>Share of unusable records in the window above which a partition pauses: then the producer is broken, not a record. 1 = never.</summary>
    [Range(0.0, 1.0)]
    public double RateMax { get; init; } = 0.5;

    /// <summary>Records that the share is taken over.</summary>
    [Range(10, 1_000_000)]
    public int Window { get; init; } = 1_000;

    /// <summary>How long a partition pauses before it tries one batch.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RatePause { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>Keys <c>Erasure:*</c>.</summary>
public sealed record ErasureSettings
{
    /// <summary>How long an erased customer's earlier events are ignored; longer than any producer or replay may bring them again.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3660.00:00:00")]
    public TimeSpan MarkerTtl { get; init; } = TimeSpan.FromDays(400);
}
