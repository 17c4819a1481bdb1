using System.ComponentModel.DataAnnotations;
using System.Net;

namespace StreamScorer.Worker.Configuration;

/// <summary>Keys <c>Security:*</c>.</summary>
public sealed record SecuritySettings
{
    /// <summary>
    /// File of the API keys, as <c>streamscorer keys</c> writes it; it holds hashes only, and instances may share it. Empty = <c>keys.json</c> in the data
    /// directory. While there is none, and no token is accepted, only loopback is served and everything is allowed there.
    /// </summary>
    public string KeysFile { get; init; } = "";

    /// <summary>Tokens of an identity provider, accepted beside API keys.</summary>
    public JwtSettings Jwt { get; init; } = new();
}

/// <summary>Keys <c>Security:Jwt:*</c>.</summary>
public sealed record JwtSettings
{
    /// <summary>
    /// Address of an OpenID Connect provider. Its metadata says who issues tokens and which keys sign them; both are followed when they change. Empty = none.
    /// </summary>
    [Authority]
    public string Authority { get; init; } = "";

    /// <summary>In the place of a provider: a file with the JSON Web Key Set that signs tokens, read at the start. Empty = none.</summary>
    public string KeySetFile { get; init; } = "";

    /// <summary>With <c>Security:Jwt:KeySetFile</c>: the issuer that tokens must name. With a provider it is what the metadata says.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>The audience that tokens must be made for; needed whenever tokens are accepted.</summary>
    public string Audience { get; init; } = "";

    /// <summary>Claim that names the roles: a text, a list, or words parted by spaces such as <c>scope</c>.</summary>
    [Required]
    public string RoleClaim { get; init; } = "roles";

    /// <summary>Its value that gives the role <c>read</c>.</summary>
    [Required]
    public string ReadRole { get; init; } = "streamscorer.read";

    /// <summary>Its value that gives the role <c>ingest</c>.</summary>
    [Required]
    public string IngestRole { get; init; } = "streamscorer.ingest";

    /// <summary>Its value that gives the role <c>admin</c>.</summary>
    [Required]
    public string AdminRole { get; init; } = "streamscorer.admin";

    /// <summary>How far the clocks of issuer and worker may differ when a token's times are judged.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether tokens are accepted at all.</summary>
    internal bool IsUsed => Authority.Length > 0 || KeySetFile.Length > 0;
}

/// <summary>An address whose answers nobody on the way can change: they say who gets in.</summary>
public sealed class AuthorityAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "an https address, or http on loopback";

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is string text
        && (text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == "https" || IsLocal(uri))));

    /// <summary>Whether it is plain http on this machine.</summary>
    internal static bool IsLocal(Uri uri) =>
        uri.Scheme == "http" && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address)));
}
