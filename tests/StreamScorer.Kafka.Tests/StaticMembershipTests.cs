using StreamScorer.Contracts;
using StreamScorer.Engine.Source;
using Xunit;

namespace StreamScorer.Kafka.Tests;

/// <summary>A member with a name of its own comes back to its partitions.</summary>
public sealed class StaticMembershipTests(KafkaBroker broker) : IClassFixture<KafkaBroker>
{
    [Fact]
    public async Task A_named_member_that_comes_back_in_time_disturbs_nobody()
    {
        KafkaOptions options = broker.TakeTopics() with { SessionTimeoutMs = 8_000 };
        await using RunningSource stays = RunningSource.Start(Clients.Source(options with { GroupInstanceId = "stays" }));
        RunningSource leaves = RunningSource.Start(Clients.Source(options with { GroupInstanceId = "leaves" }));
        PartitionAssignment had = Assert.Single(await leaves.Owner.HoldingAsync(1));
        await stays.Owner.HoldingAsync(1);

        await leaves.DisposeAsync();
        await using RunningSource back = RunningSource.Start(Clients.Source(options with { GroupInstanceId = "leaves" }));

        Assert.Equal(had.Partition, Assert.Single(await back.Owner.HoldingAsync(1)).Partition);
        Assert.False(stays.Owner.HasNews);
    }
}
