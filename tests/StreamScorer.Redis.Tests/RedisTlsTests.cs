using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StreamScorer.Engine.Commit;
using StreamScorer.Testing.Servers;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Redis.Tests;

/// <summary>A server that speaks TLS alone, with a certificate that an authority of its owner has signed.</summary>
public sealed class RedisTlsTests : IDisposable
{
    private readonly string authority = Path.GetTempFileName(), stranger = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(authority);
        File.Delete(stranger);
    }

    [Fact]
    public async Task A_partition_is_claimed_committed_loaded_and_read_over_tls()
    {
        await using RedisServerProcess server = await StartAsync(names => names.AddIpAddress(IPAddress.Loopback));
        await using RedisStateStore store = await RedisStateStore.OpenAsync(Options(server), "transactions", CancellationToken.None);
        await using StoreOwner owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync();
        Assert.Equal(CommitOutcome.Applied, await VersionedContent.CommitAsync(owner));
        Assert.Equal(CommitOutcome.Applied, await VersionedContent.CommitAsync(owner));
        Assert.Equal(2, await VersionedContent.ReadVersionAsync(store, owner));
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_or_of_another_host_is_refused()
    {
        await using RedisServerProcess server = await StartAsync(names => names.AddIpAddress(IPAddress.Loopback));
        await using RedisServerProcess other = await StartAsync(names => names.AddDnsName("redis.example"));

        await AssertRefusedAsync(Options(server) with { CaFile = null });
        await AssertRefusedAsync(Options(server) with { CaFile = stranger });
        await AssertRefusedAsync(Options(other));
        await AssertRefusedAsync(Options(server) with { Ssl = false, ReplyTimeout = TimeSpan.FromSeconds(1) });
    }

    [Fact]
    public async Task A_file_of_authorities_that_is_damaged_is_named()
    {
        await using RedisServerProcess server = await StartAsync(names => names.AddIpAddress(IPAddress.Loopback));
        await File.WriteAllTextAsync(stranger, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        StateStoreException refusal = await AssertRefusedAsync(Options(server) with { CaFile = stranger });

        Assert.Contains($"{stranger} (Redis:CaFile)", refusal.Message, StringComparison.Ordinal);
    }

    private RedisOptions Options(RedisServerProcess server) => new() { Endpoints = [server.Endpoint], Ssl = true, CaFile = authority };

    private static async Task<StateStoreException> AssertRefusedAsync(RedisOptions options)
    {
        StateStoreException refusal = await Assert.ThrowsAsync<StateStoreException>(
            () => RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None).AsTask());
        Assert.Contains("cannot be reached", refusal.Message, StringComparison.Ordinal);
        return refusal;
    }

    private async Task<RedisServerProcess> StartAsync(Action<SubjectAlternativeNameBuilder> name)
    {
        using X509Certificate2 issuer = Authority("trusted"), unknown = Authority("stranger");
        await File.AppendAllTextAsync(authority, issuer.ExportCertificatePem() + "\n");
        await File.AppendAllTextAsync(stranger, unknown.ExportCertificatePem() + "\n");
        return await RedisServerProcess.StartAsync(new RedisServerOptions { IsEncrypted = true }, directory =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=redis", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            name(names);
            request.CertificateExtensions.Add(names.Build());
            using X509Certificate2 signed = request.Create(issuer, issuer.NotBefore, issuer.NotAfter, [1]);
            File.WriteAllText(Path.Combine(directory, "server.crt"), signed.ExportCertificatePem());
            File.WriteAllText(Path.Combine(directory, "server.key"), key.ExportPkcs8PrivateKeyPem());
        });
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(75));
    }
}
