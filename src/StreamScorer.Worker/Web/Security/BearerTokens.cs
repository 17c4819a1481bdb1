using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Web.Security;

/// <summary>
/// Judges JSON Web Tokens (RFC 7519) of one issuer, as RFC 8725 advises: signed with one of its public keys, made for this service, within their lifetime.
/// Shared secrets and unsigned tokens are not accepted, whatever a token says of itself.
/// </summary>
internal sealed class BearerTokens
{
    private const string MetadataPath = "/.well-known/openid-configuration";
    private const int ActorLengthMax = 64;

    // Only signatures by a private key: else a public key could be passed off as a shared secret.
    private static readonly string[] algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    // A request waits for the first answer of the provider.
    private static readonly HttpClient metadataClient = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly JsonWebTokenHandler handler = new();
    private readonly TokenValidationParameters accepted;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? provider;
    private readonly JwtSettings settings;

    /// <exception cref="OptionsException">The key set cannot be used.</exception>
    public BearerTokens(JwtSettings settings)
    {
        this.settings = settings;
        accepted = new TokenValidationParameters
        {
            ValidAlgorithms = algorithms,
            ValidAudience = settings.Audience,
            ClockSkew = settings.ClockSkew,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
        };
        if (settings.KeySetFile.Length > 0)
        {
            accepted.ValidIssuer = settings.Issuer;
            accepted.IssuerSigningKeys = ReadKeys(settings.KeySetFile);
        }
        else if (settings.Authority.Length > 0)
        {
            accepted.ConfigurationManager = provider = NewProvider(settings.Authority);
        }
    }

    /// <summary>Whether any token is accepted.</summary>
    public bool AreUsed => settings.IsUsed;

    /// <summary>Whether a bearer's text can be a token: three parts. API keys have no dots.</summary>
    public static bool LooksLikeToken(string text) => text.Count(letter => letter == '.') == 2;

    /// <summary>Who a token stands for; null when it is not accepted.</summary>
    /// <exception cref="InvalidOperationException">The provider has never answered, so that nothing can be judged.</exception>
    public async Task<Caller?> JudgeAsync(string token, CancellationToken cancellation)
    {
        if (provider is not null)
            await provider.GetConfigurationAsync(cancellation);
        TokenValidationResult result = await handler.ValidateTokenAsync(token, accepted);
        if (!result.IsValid)
            return null;
        HashSet<string> given = [.. result.ClaimsIdentity.FindAll(settings.RoleClaim).SelectMany(claim => claim.Value.Split(' '))];
        return new Caller(ActorOf(result.ClaimsIdentity), [.. Roles().Where(pair => given.Contains(pair.Claim)).Select(pair => pair.Role)]);
    }

    /// <summary>What the provider's metadata says now; null with a key set of one's own.</summary>
    /// <exception cref="InvalidOperationException">It does not answer, or not with usable metadata.</exception>
    public async Task<OpenIdConnectConfiguration?> ReadMetadataAsync(CancellationToken cancellation) =>
        provider is null ? null : await provider.GetConfigurationAsync(cancellation);

    private static ConfigurationManager<OpenIdConnectConfiguration> NewProvider(string authority) => new(
        authority.TrimEnd('/') + MetadataPath,
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever(metadataClient) { RequireHttps = !AuthorityAttribute.IsLocal(new Uri(authority)) })
    {
        // A token with an unknown key makes the metadata be read again, but strangers must not make that happen at will.
        RefreshInterval = TimeSpan.FromSeconds(5),
        // Else a key that the provider has withdrawn would open for another hour.
        UseLastKnownGoodConfiguration = false,
    };

    private static SecurityKey[] ReadKeys(string path)
    {
        try
        {
            SecurityKey[] keys = [.. new JsonWebKeySet(File.ReadAllText(path)).GetSigningKeys().Where(key => key is AsymmetricSecurityKey or JsonWebKey { Kty: "RSA" or "EC" })];
            if (keys.Length > 0)
                return keys;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or System.Text.Json.JsonException)
        {
            throw new OptionsException([$"Security:Jwt:KeySetFile = \"{path}\": {e.Message} Allowed is a JSON Web Key Set"]);
        }
        throw new OptionsException([$"Security:Jwt:KeySetFile = \"{path}\": it has no public key that signs; allowed is a JSON Web Key Set with RSA or EC keys"]);
    }

    /// <summary>The subject, for the audit log: short, and without anything that could pass for another line.</summary>
    private static string ActorOf(ClaimsIdentity identity)
    {
        string subject = identity.FindFirst(JwtRegisteredClaimNames.Sub)?.Value ?? "unnamed";
        return $"token {new string([.. subject.Take(ActorLengthMax).Select(letter => char.IsAsciiLetterOrDigit(letter) || "-_.@|:".Contains(letter) ? letter : '_')])}";
    }

    private IEnumerable<(string Claim, Role Role)> Roles() =>
        [(settings.ReadRole, Role.Read), (settings.IngestRole, Role.Ingest), (settings.AdminRole, Role.Admin)];
}

/// <summary>Who asks, and what they may do.</summary>
/// <param name="Actor">Name for the audit log.</param>
/// <param name="Roles">Roles that were given.</param>
internal sealed record Caller(string Actor, IReadOnlyList<Role> Roles)
{
    /// <summary>Whether it may do what needs a role.</summary>
    public bool Allows(Role role) => Roles.Contains(role) || Roles.Contains(Role.Admin);
}
