namespace StreamScorer.Worker.Configuration;

/// <summary>Keys <c>Security:*</c>.</summary>
public sealed record SecuritySettings
{
    /// <summary>
    /// File of the API keys, as <c>streamscorer keys</c> writes it; it holds hashes only, and instances may share it. Empty = <c>keys.json</c> in the data
    /// directory. While there is none, only loopback is served and everything is allowed there.
    /// </summary>
    public string KeysFile { get; init; } = "";
}
