using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Testing.Brokers;
using StreamScorer.Testing.Servers;

namespace StreamScorer.Chaos;

/// <summary>A broker and a Redis with an append-only file, both in processes of their own, and how the disturbed and the undisturbed workers use them.</summary>
internal sealed class ChaosServers : IAsyncDisposable
{
    /// <summary>Partitions of every topic.</summary>
    public const int Partitions = 8;

    private ChaosServers(TestBrokerProcess broker, RedisServerProcess redis)
    {
        (Broker, Redis) = (broker, redis);
    }

    /// <summary>The broker, with one input and the two runs' outputs.</summary>
    public TestBrokerProcess Broker { get; }

    /// <summary>The store of both runs.</summary>
    public RedisServerProcess Redis { get; }

    /// <summary>Starts both.</summary>
    public static async Task<ChaosServers> StartAsync()
    {
        IEnumerable<string> topics = ((string[])["transactions", .. Topics("disturbed"), .. Topics("undisturbed")]).Select(topic => $"{topic}:{Partitions}");
        TestBrokerProcess broker = await TestBrokerProcess.StartAsync(topics);
        return new ChaosServers(broker, await RedisServerProcess.StartAsync(new RedisServerOptions { AppendOnly = true }));
    }

    /// <summary>Flags of a worker.</summary>
    /// <param name="run"><c>disturbed</c> or <c>undisturbed</c>: its outputs and its part of the store.</param>
    /// <param name="group">Consumer group. Workers of the same run in another group take over what the killed ones of the former group held.</param>
    public string[] Flags(string run, string group) =>
    [
        "run", "--until-input-closes", "--urls", "none", "--source", "kafka", "--store", "redis", "--bootstrap", Broker.Bootstrap, "--redis", Redis.Endpoint,
        "--group", group, "--set", $"Redis:Prefix={run}", "--set", $"Kafka:TransitionsTopic={run}-transitions", "--set", $"Kafka:DeadLettersTopic={run}-dead-letters",
        "--set", "Kafka:GroupTimeout=00:00:04", "--set", "Engine:RevokeDrainMax=00:00:02", "--set", "Engine:Clock=event",
        "--set", "Engine:RecalibrationInterval=1.00:00:00", "--set", "Publish:Schemes=absolute,churn,lifecycle",
    ];

    /// <summary>The input and the outputs of a run, read from outside.</summary>
    public KafkaOptions Kafka(string run) => new()
    {
        BootstrapServers = Broker.Bootstrap,
        GroupId = "chaos-reader",
        TransitionsTopic = $"{run}-transitions",
        DeadLettersTopic = $"{run}-dead-letters",
    };

    /// <summary>The output of a run.</summary>
    public KafkaTransitionSink Sink(string run) => new(Kafka(run), NullLogger<KafkaTransitionSink>.Instance);

    /// <summary>The store of a run.</summary>
    public ValueTask<RedisStateStore> StoreAsync(string run, CancellationToken cancellation) =>
        RedisStateStore.OpenAsync(new RedisOptions { Endpoints = [Redis.Endpoint], Prefix = run }, "transactions", cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        await Redis.DisposeAsync();
    }

    private static string[] Topics(string run) => [$"{run}-transitions", $"{run}-dead-letters"];
}
