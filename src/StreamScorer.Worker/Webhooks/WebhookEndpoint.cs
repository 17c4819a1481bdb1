using System.Security.Cryptography;
using StreamScorer.Worker.Web.Streams;

namespace StreamScorer.Worker.Webhooks;

/// <summary>Who is called, for which transitions. Lists that are empty let everything through.</summary>
public sealed record WebhookEndpoint
{
    private const int SecretBytes = 32;

    /// <summary>Short name of the endpoint.</summary>
    public required string Id { get; init; }

    /// <summary>Where to post.</summary>
    public required Uri Url { get; init; }

    /// <summary>Secrets that sign, newest first; more than one while a new one is being rolled out.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }

    /// <summary>Schemes.</summary>
    public IReadOnlyList<string> Schemes { get; init; } = [];

    /// <summary>Directions.</summary>
    public IReadOnlyList<string> Directions { get; init; } = [];

    /// <summary>Tiers after the transition.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>Causes.</summary>
    public IReadOnlyList<string> Causes { get; init; } = [];

    /// <summary>The same as a filter of the feed.</summary>
    internal TransitionFilter Filter => TransitionFilter.Read(
        name => name switch
        {
            "scheme" => new([.. Schemes]),
            "direction" => new([.. Directions]),
            "tier" => new([.. Tiers]),
            "cause" => new([.. Causes]),
            _ => default,
        },
        []);

    /// <summary>A random secret in the form of the Standard Webhooks specification.</summary>
    public static string NewSecret() => WebhookSignature.SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));
}
