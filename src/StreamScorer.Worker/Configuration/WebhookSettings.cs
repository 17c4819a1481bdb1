using System.ComponentModel.DataAnnotations;

namespace StreamScorer.Worker.Configuration;

/// <summary>Keys <c>Webhooks:*</c>.</summary>
public sealed record WebhookSettings
{
    /// <summary>Whether endpoints on loopback and private networks may be called; else an endpoint's name could lead requests behind the firewall.</summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>Pause before the first repeat of a failed delivery; it doubles each time, up to an hour. At most <c>Webhooks:RetryMax</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A delivery that has failed for this long is parked, and the next one is tried.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "7.00:00:00")]
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Longest wait for an endpoint's answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromSeconds(15);
}
