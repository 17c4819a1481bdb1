using StreamScorer.Redis;
using StreamScorer.Testing.Brokers;
using StreamScorer.Testing.Servers;

namespace StreamScorer.LoadTest.Subjects;

/// <summary>The broker and the Redis of one run, each a process of its own.</summary>
internal sealed class LoadServers : IAsyncDisposable
{
    /// <summary>Topic of the load.</summary>
    public const string Topic = "transactions";

    /// <summary>Topic of the same load for the pipe: each works off a backlog of its own.</summary>
    public const string PipeTopic = "transactions.pipe";

    /// <summary>Topic of a smaller load that every yardstick can decompress.</summary>
    public const string PeerTopic = "transactions.peer";

    private readonly TestBrokerProcess broker;
    private readonly RedisServerProcess redis;

    private LoadServers(TestBrokerProcess broker, RedisServerProcess redis, int partitions) =>
        (this.broker, this.redis, Partitions) = (broker, redis, partitions);

    /// <summary>Partitions of every topic.</summary>
    public int Partitions { get; }

    /// <summary>The broker's address.</summary>
    public string Bootstrap => broker.Bootstrap;

    /// <summary>The server's address.</summary>
    public string RedisEndpoint => redis.Endpoint;

    /// <summary>Starts both.</summary>
    public static async Task<LoadServers> StartAsync(int partitions)
    {
        string[] topics = [Topic, PipeTopic, PeerTopic, "tier-transitions", "transactions.dead-letters", "tiers.peer"];
        return new LoadServers(
            await TestBrokerProcess.StartAsync(topics.Select(topic => $"{topic}:{partitions}")), await RedisServerProcess.StartAsync(), partitions);
    }

    /// <summary>Process numbers by name.</summary>
    public IEnumerable<(string Name, int ProcessId)> Processes => [("broker", broker.ProcessId), ("redis", redis.ProcessId)];

    /// <summary>The store under a prefix, of a topic's partitions.</summary>
    public async Task<RedisStateStore> OpenStoreAsync(string prefix, string topic = Topic) =>
        await RedisStateStore.OpenAsync(new RedisOptions { Endpoints = [RedisEndpoint], Prefix = prefix }, topic, CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await broker.DisposeAsync();
        await redis.DisposeAsync();
    }
}
