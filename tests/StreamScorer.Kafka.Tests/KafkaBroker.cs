using StreamScorer.Testing.Brokers;
using Xunit;

namespace StreamScorer.Kafka.Tests;

/// <summary>One broker for the tests of a class, with topics to take: they must exist before any client asks for them.</summary>
public class KafkaBroker : IAsyncLifetime
{
    private const int TopicSets = 24;
    private int taken;

    /// <summary>The broker.</summary>
    public TestBrokerProcess Process { get; private set; } = null!;

    /// <summary>Partitions of every topic.</summary>
    public virtual int PartitionCount => 2;

    /// <summary>Number of brokers.</summary>
    protected virtual int BrokerCount => 1;

    /// <summary>Options with topics and a group that no other test uses.</summary>
    public KafkaOptions TakeTopics()
    {
        int n = Interlocked.Increment(ref taken);
        Assert.InRange(n, 1, TopicSets);
        return new KafkaOptions
        {
            BootstrapServers = Process.Bootstrap,
            TransactionsTopic = $"transactions-{n}",
            TransitionsTopic = $"transitions-{n}",
            DeadLettersTopic = $"dead-letters-{n}",
            GroupId = $"group-{n}",
            // The shortest that the test broker lets join.
            SessionTimeoutMs = 4_000,
        };
    }

    /// <inheritdoc/>
    public async Task InitializeAsync() => Process = await TestBrokerProcess.StartAsync(
        Enumerable.Range(1, TopicSets).SelectMany(n => (string[])[$"transactions-{n}", $"transitions-{n}", $"dead-letters-{n}"])
            .Select(topic => $"{topic}:{PartitionCount}"),
        BrokerCount);

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Process.DisposeAsync();
}
