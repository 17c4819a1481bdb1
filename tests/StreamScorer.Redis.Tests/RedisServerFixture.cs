using StreamScorer.Testing.Servers;
using Xunit;

namespace StreamScorer.Redis.Tests;

/// <summary>One healthy server for all tests that do not harm it; each uses a prefix of its own.</summary>
public sealed class RedisServerFixture : IAsyncLifetime
{
    private int prefixes;

    public RedisServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await RedisServerProcess.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>Options with a prefix that nobody else uses.</summary>
    public RedisOptions FreshOptions() => new() { Endpoints = [Server.Endpoint], Prefix = $"test{Interlocked.Increment(ref prefixes)}" };
}
