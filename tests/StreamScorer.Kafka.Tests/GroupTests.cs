using System.Diagnostics;
using StreamScorer.Contracts;
using StreamScorer.Engine.Source;
using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class GroupTests(KafkaBroker broker) : IClassFixture<KafkaBroker>
{
    [Fact]
    public async Task Two_members_share_the_partitions_and_the_one_that_stays_gets_all_back()
    {
        KafkaOptions options = broker.TakeTopics();
        using var feeder = new TopicFeeder(options);
        await feeder.AppendAsync(0, InputRecord.Numbers(0, 10));
        await feeder.AppendAsync(1, InputRecord.Numbers(0, 10));
        await using RunningSource first = RunningSource.Start(Clients.Source(options));
        await first.Owner.HoldingAsync(2);

        RunningSource second = RunningSource.Start(Clients.Source(options));
        PartitionAssignment given = Assert.Single(await second.Owner.HoldingAsync(1));
        PartitionAssignment kept = Assert.Single(await first.Owner.HoldingAsync(1));
        Assert.Equal([0, 1], new[] { kept.Partition, given.Partition }.Order());
        kept.StartAt(0);
        given.StartAt(0);
        await ReadRecord.TakeAsync(kept, 10);
        await ReadRecord.TakeAsync(given, 10);

        await second.DisposeAsync();
        IReadOnlyList<PartitionAssignment> all = await first.Owner.HoldingAsync(2);
        PartitionAssignment regained = all[given.Partition];
        regained.StartAt(5);
        Assert.Equal(Enumerable.Range(5, 5), (await ReadRecord.TakeAsync(regained, 5)).Select(r => r.Number));
    }

    [Fact]
    public async Task Partitions_of_a_killed_member_come_to_the_survivor()
    {
        KafkaOptions options = broker.TakeTopics();
        await using RunningSource survivor = RunningSource.Start(Clients.Source(options));
        await survivor.Owner.HoldingAsync(2);
        using Process other = StartOtherMember(options);
        Assert.Single(await survivor.Owner.HoldingAsync(1));

        other.Kill();

        Assert.Equal([0, 1], (await survivor.Owner.HoldingAsync(2)).Select(a => a.Partition));
    }

    /// <summary>A member in a process of its own: <c>kcat</c>, with the assignor of the product, since the test broker cannot mix them.</summary>
    private static Process StartOtherMember(KafkaOptions options) => Process.Start(new ProcessStartInfo("kcat",
    [
        "-b", options.BootstrapServers, "-G", options.GroupId, "-X", $"session.timeout.ms={options.SessionTimeoutMs}",
        "-X", "heartbeat.interval.ms=1000", "-X", "partition.assignment.strategy=range", "-q", options.TransactionsTopic,
    ]))!;
}
