using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace StreamScorer.Web.Tests.Security;

/// <summary>A little OpenID Connect provider on loopback: metadata, a key set, and tokens signed with its newest key.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    /// <summary>What the tokens are made for.</summary>
    public const string Audience = "streamscorer-tests";

    private readonly WebApplication app;
    private readonly List<RsaSecurityKey> keys = [];

    private IdentityProvider()
    {
        Rotate();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Url, jwks_uri = $"{Url}/keys" }));
        app.MapGet("/keys", () => Results.Text(KeySet, "application/json"));
    }

    /// <summary>Its address, and the issuer of its tokens.</summary>
    public string Url => app.Urls.First();

    /// <summary>The newest key.</summary>
    public RsaSecurityKey Key => keys[^1];

    /// <summary>The public keys as a JSON Web Key Set.</summary>
    public string KeySet => System.Text.Json.JsonSerializer.Serialize(new
    {
        keys = keys.Select(key => JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(key.Rsa.ExportParameters(false)) { KeyId = key.KeyId }))
            .Select(key => new { kty = key.Kty, kid = key.Kid, use = "sig", n = key.N, e = key.E }),
    });

    /// <summary>Starts one.</summary>
    public static async Task<IdentityProvider> StartAsync()
    {
        var provider = new IdentityProvider();
        await provider.app.StartAsync();
        return provider;
    }

    /// <summary>From now on another key signs, and the former ones are withdrawn.</summary>
    public void Rotate()
    {
        var next = new RsaSecurityKey(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("n") };
        keys.Clear();
        keys.Add(next);
    }

    /// <summary>A token that is in order, but for what the test changes.</summary>
    public string Token(IEnumerable<string> roles, Action<SecurityTokenDescriptor>? change = null)
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Url,
            Audience = Audience,
            Expires = DateTime.UtcNow.AddMinutes(5),
            Claims = new Dictionary<string, object> { ["sub"] = "ann@desk", ["roles"] = roles.ToArray() },
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        keys.ForEach(key => key.Rsa.Dispose());
    }
}
