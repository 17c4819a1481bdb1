using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using StreamScorer.Testing;
using StreamScorer.Web.Tests.Running;
using StreamScorer.Worker.CommandLine;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Web.Tests.Security;

/// <summary>Tokens of a real little provider: what opens, what does not, and what happens when its keys change or it is away.</summary>
public sealed class TokenTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_token_opens_what_its_roles_allow_beside_api_keys()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        string key = await AddKeyAsync();
        await using RunningWorker worker = await StartAsync(provider);
        string reader = provider.Token(["streamscorer.read"]), sender = provider.Token(["other", "streamscorer.ingest"]), admin = provider.Token(["streamscorer.admin"]);

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.OK],
            [await GetAsync(worker, reader), await GetAsync(worker, sender), await GetAsync(worker, admin), await GetAsync(worker, provider.Token([])),
             await GetAsync(worker, null), await GetAsync(worker, key)]);
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(worker, reader));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(worker, sender));
        Assert.Equal(HttpStatusCode.Forbidden, await DeleteAsync(worker, sender));
        Assert.Equal(HttpStatusCode.Accepted, await DeleteAsync(worker, admin));
    }

    [Fact]
    public async Task What_is_not_the_providers_or_not_for_this_service_or_not_of_this_time_opens_nothing()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        using RSA stranger = RSA.Create(2048);
        await using RunningWorker worker = await StartAsync(provider);
        string Changed(Action<SecurityTokenDescriptor> change) => provider.Token(["streamscorer.admin"], change);
        string good = Changed(_ => { });
        string[] parts = good.Split('.');
        var publicKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(provider.Key.Rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = provider.Key.KeyId };

        Assert.Equal(HttpStatusCode.OK, await GetAsync(worker, good));
        Dictionary<string, string> refused = new()
        {
            ["expired"] = Changed(token => token.Expires = DateTime.UtcNow.AddMinutes(-2)),
            ["without an end"] = Changed(token => token.Expires = null),
            ["not yet valid"] = Changed(token => token.NotBefore = DateTime.UtcNow.AddMinutes(2)),
            ["of another issuer"] = Changed(token => token.Issuer = "https://elsewhere.example"),
            ["for another service"] = Changed(token => token.Audience = "payroll"),
            ["for nobody"] = Changed(token => token.Audience = null),
            ["signed by a stranger"] = Changed(token => token.SigningCredentials =
                new SigningCredentials(new RsaSecurityKey(stranger) { KeyId = provider.Key.KeyId }, SecurityAlgorithms.RsaSha256)),
            ["signed with the public key as a secret"] = Changed(token => token.SigningCredentials = new SigningCredentials(publicKey, SecurityAlgorithms.HmacSha256)),
            ["unsigned"] = Changed(token => token.SigningCredentials = null),
            ["unsigned with the signature of another"] = Changed(token => token.SigningCredentials = null) + parts[2],
            ["with a changed body"] = $"{parts[0]}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("ann@desk", "bob@desk", StringComparison.Ordinal))}.{parts[2]}",
            ["cut off"] = good[..^10],
            ["nonsense"] = "a.b.c",
        };
        foreach ((string what, string token) in refused)
            Assert.True(await GetAsync(worker, token) == HttpStatusCode.Unauthorized, $"a token {what} was let in");
    }

    [Fact]
    public async Task A_key_that_the_provider_changes_is_followed_and_the_former_one_ends()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using RunningWorker worker = await StartAsync(provider);
        string former = provider.Token(["streamscorer.read"]);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(worker, former));

        provider.Rotate();

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await GetAsync(worker, provider.Token(["streamscorer.read"])) != HttpStatusCode.OK)
            await timer.WaitForNextTickAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(worker, former));
    }

    [Fact]
    public async Task While_the_provider_has_never_answered_nobody_gets_in_by_token_and_doctor_says_so()
    {
        string url, token;
        await using (IdentityProvider provider = await IdentityProvider.StartAsync())
            (url, token) = (provider.Url, provider.Token(["streamscorer.admin"]));
        await using RunningWorker worker = await RunningWorker.StartAsync(directory.Path, [.. Settings(url)]);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync(worker, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(worker, null));
        var output = new StringWriter();
        Assert.Equal(ExitCode.Failed, await StreamScorerCommand.InvokeAsync(
            ["doctor", "--data", directory.Path, .. Settings(url).SelectMany(pair => (string[])["--set", $"{pair.Key}={pair.Value}"])], output, TextWriter.Null));
        Assert.Contains("Fix: correct Security:Jwt:Authority", output.ToString().Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_set_in_a_file_takes_the_providers_place()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await File.WriteAllTextAsync(directory.File("keys.jwks"), provider.KeySet);
        await using RunningWorker worker = await RunningWorker.StartAsync(
            directory.Path, ("Security:Jwt:KeySetFile", directory.File("keys.jwks")), ("Security:Jwt:Issuer", "https://issuer.example"),
            ("Security:Jwt:Audience", IdentityProvider.Audience), ("Security:Jwt:RoleClaim", "scope"));
        string Token(string issuer, string scope) => provider.Token([], token => (token.Issuer, token.Claims["scope"]) = (issuer, scope));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(worker, Token("https://issuer.example", "openid streamscorer.read")));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(worker, Token("https://issuer.example", "openid")));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(worker, Token(provider.Url, "streamscorer.read")));
    }

    [Theory]
    [InlineData("Security:Jwt:Audience", "Security:Jwt:Authority=https://id.example")]
    [InlineData("Security:Jwt:Authority", "Security:Jwt:Authority=http://id.example", "Security:Jwt:Audience=a")]
    [InlineData("Security:Jwt:Issuer", "Security:Jwt:KeySetFile=keys.jwks", "Security:Jwt:Audience=a")]
    [InlineData("Security:Jwt:KeySetFile", "Security:Jwt:KeySetFile=absent.jwks", "Security:Jwt:Audience=a", "Security:Jwt:Issuer=b")]
    [InlineData("Security:Jwt:Authority", "Security:Jwt:Audience=a")]
    public async Task Settings_that_would_protect_less_than_they_seem_to_stop_the_start(string named, params string[] settings)
    {
        OptionsException refused = await Assert.ThrowsAsync<OptionsException>(
            () => RunningWorker.StartAsync(directory.Path, [.. settings.Select(setting => (setting.Split('=')[0], setting.Split('=')[1]))]));

        Assert.Contains(refused.Errors, error => error.Contains(named, StringComparison.Ordinal));
    }

    private Task<RunningWorker> StartAsync(IdentityProvider provider) => RunningWorker.StartAsync(directory.Path, [.. Settings(provider.Url)]);

    private static IEnumerable<(string Key, string Value)> Settings(string authority) =>
        [("Security:Jwt:Authority", authority), ("Security:Jwt:Audience", IdentityProvider.Audience)];

    private async Task<string> AddKeyAsync()
    {
        var output = new StringWriter();
        Assert.Equal(ExitCode.Ok, await StreamScorerCommand.InvokeAsync(["keys", "add", "desk", "--role", "read", "--data", directory.Path], output, TextWriter.Null));
        return output.ToString().Trim();
    }

    private static Task<HttpStatusCode> GetAsync(RunningWorker worker, string? credential) => SendAsync(worker, HttpMethod.Get, "/v1/population", credential);

    private static Task<HttpStatusCode> DeleteAsync(RunningWorker worker, string credential) => SendAsync(worker, HttpMethod.Delete, "/v1/customers/ann", credential);

    private static Task<HttpStatusCode> PostAsync(RunningWorker worker, string credential) =>
        SendAsync(worker, HttpMethod.Post, "/v1/events", credential, new StringContent(Purchases.Json("ann", "1", 0), new MediaTypeHeaderValue("application/json")));

    private static async Task<HttpStatusCode> SendAsync(RunningWorker worker, HttpMethod method, string path, string? credential, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = credential is null ? null : new AuthenticationHeaderValue("Bearer", credential);
        using HttpResponseMessage answer = await worker.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
