using StreamScorer.Testing.Brokers;
using StreamScorer.Testing.Servers;

namespace StreamScorer.EndToEnd;

/// <summary>A broker and a Redis of a test's own.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private Servers(TestBrokerProcess broker, RedisServerProcess redis)
    {
        (Broker, Redis) = (broker, redis);
    }

    /// <summary>The broker, with the three topics.</summary>
    public TestBrokerProcess Broker { get; }

    /// <summary>The store.</summary>
    public RedisServerProcess Redis { get; }

    /// <summary>Flags that name them, with short time limits so that a killed worker is noticed soon.</summary>
    public string[] Flags =>
    [
        "--bootstrap", Broker.Bootstrap, "--redis", Redis.Endpoint, "--set", "Kafka:GroupTimeout=00:00:04", "--set", "Engine:RevokeDrainMax=00:00:02",
    ];

    /// <summary>Starts both.</summary>
    /// <param name="partitions">Of each topic.</param>
    /// <param name="redis">How Redis runs; by default it keeps nothing beyond its process.</param>
    public static async Task<Servers> StartAsync(int partitions, RedisServerOptions? redis = null) => new(
        await TestBrokerProcess.StartAsync([$"transactions:{partitions}", $"tier-transitions:{partitions}", $"transactions.dead-letters:{partitions}"]),
        await RedisServerProcess.StartAsync(redis));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
