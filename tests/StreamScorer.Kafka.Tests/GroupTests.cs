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
        (RunningSource first, IReadOnlyList<PartitionAssignment> all) = await RunningSource.StartAssignedAsync(Clients.Source(options));
        await using RunningSource _ = first;
        Assert.Equal([0, 1], all.Select(a => a.Partition));

        RunningSource second = RunningSource.Start(Clients.Source(options));
        Assert.Equal(OwnerCallKind.Revoked, (await first.Owner.NextAsync()).Kind);
        PartitionAssignment kept = Assert.Single((await first.Owner.NextAsync()).Assignments);
        PartitionAssignment given = Assert.Single((await second.Owner.NextAsync()).Assignments);
        Assert.Equal([0, 1], new[] { kept.Partition, given.Partition }.Order());
        kept.StartAt(0);
        given.StartAt(0);
        await ReadRecord.TakeAsync(kept, 10);
        await ReadRecord.TakeAsync(given, 10);

        await second.DisposeAsync();
        Assert.Equal(OwnerCallKind.Revoked, (await first.Owner.NextAsync()).Kind);
        OwnerCall back = await first.Owner.NextAsync();
        Assert.Equal([0, 1], back.Assignments.Select(a => a.Partition).Order());
        PartitionAssignment regained = back.Assignments.Single(a => a.Partition == given.Partition);
        regained.StartAt(5);
        Assert.Equal(Enumerable.Range(5, 5), (await ReadRecord.TakeAsync(regained, 5)).Select(r => r.Number));
    }

    [Fact]
    public async Task Partitions_of_a_killed_member_come_to_the_survivor()
    {
        KafkaOptions options = broker.TakeTopics();
        (RunningSource survivor, IReadOnlyList<PartitionAssignment> _) = await RunningSource.StartAssignedAsync(Clients.Source(options));
        await using RunningSource __ = survivor;
        using Process other = StartOtherMember(options);
        Assert.Equal(OwnerCallKind.Revoked, (await survivor.Owner.NextAsync()).Kind);
        Assert.Single((await survivor.Owner.NextAsync()).Assignments);

        other.Kill();
        Assert.Equal(OwnerCallKind.Revoked, (await survivor.Owner.NextAsync()).Kind);

        Assert.Equal([0, 1], (await survivor.Owner.NextAsync()).Assignments.Select(a => a.Partition).Order());
    }

    /// <summary>A member in a process of its own: <c>kcat</c>, with the assignor of the product, since the test broker cannot mix them.</summary>
    private static Process StartOtherMember(KafkaOptions options) => Process.Start(new ProcessStartInfo("kcat",
    [
        "-b", options.BootstrapServers, "-G", options.GroupId, "-X", $"session.timeout.ms={options.SessionTimeoutMs}",
        "-X", "heartbeat.interval.ms=1000", "-X", "partition.assignment.strategy=range", "-q", options.TransactionsTopic,
    ]))!;
}
