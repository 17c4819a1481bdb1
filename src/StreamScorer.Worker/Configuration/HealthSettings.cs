using System.ComponentModel.DataAnnotations;

namespace StreamScorer.Worker.Configuration;

/// <summary>Keys <c>Health:*</c>.</summary>
public sealed record HealthSettings
{
    /// <summary>How far behind the input a worker may be and still be ready.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LagMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the store and the broker may take to answer a probe.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
