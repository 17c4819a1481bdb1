using StreamScorer.Testing.Brokers;
using StreamScorer.Testing.Servers;

namespace StreamScorer.EndToEnd;

/// <summary>A broker and a Redis of a test's own.</summary>
internal sealed class Servers : IAsyncDisposable
{
    /// <summary>Number of the broker that has the outputs where they are apart.</summary>
    public const int OutputBroker = 2;

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
    /// <param name="outputsApart">Whether the output topics lie on <see cref="OutputBroker"/> and all else on the other one.</param>
    public static async Task<Servers> StartAsync(int partitions, RedisServerOptions? redis = null, bool outputsApart = false)
    {
        string[] outputs = ["tier-transitions", "transactions.dead-letters"];
        TestBrokerProcess broker = await TestBrokerProcess.StartAsync(
            outputs.Prepend("transactions").Select(topic => $"{topic}:{partitions}"), brokers: outputsApart ? OutputBroker : 1);
        if (outputsApart)
        {
            await broker.CommandAsync("coordinator group streamscorer 1");
            for (int partition = 0; partition < partitions; partition++)
            {
                await broker.CommandAsync($"leader transactions {partition} 1");
                foreach (string topic in outputs)
                    await broker.CommandAsync($"leader {topic} {partition} {OutputBroker}");
            }
        }
        return new Servers(broker, await RedisServerProcess.StartAsync(redis));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
