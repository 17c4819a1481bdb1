using System.Globalization;
using Confluent.Kafka;
using StreamScorer.Contracts;
using StreamScorer.Engine.Source;
using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class SourceFailureTests(KafkaBroker broker) : IClassFixture<KafkaBroker>
{
    [Fact]
    public async Task An_unreachable_broker_is_named_with_what_to_check()
    {
        await using KafkaEventSource source = Clients.Source(new KafkaOptions { BootstrapServers = "127.0.0.1:1", ConnectTimeoutMs = 500 });

        var failure = await Assert.ThrowsAsync<EventSourceException>(() => source.OpenAsync(CancellationToken.None).AsTask());

        Assert.Contains("127.0.0.1:1 within 500 ms", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Kafka:BootstrapServers", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_topic_is_named_with_what_to_do()
    {
        await using KafkaEventSource source = Clients.Source(broker.TakeTopics() with { TransactionsTopic = "nowhere" });

        var failure = await Assert.ThrowsAsync<EventSourceException>(() => source.OpenAsync(CancellationToken.None).AsTask());

        Assert.Contains("'nowhere' does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offset_that_cannot_be_read_ends_the_run_with_the_readable_range()
    {
        KafkaOptions options = broker.TakeTopics();
        using var feeder = new TopicFeeder(options);
        await feeder.AppendAsync(1, InputRecord.Numbers(0, 5));
        await using KafkaEventSource source = Clients.Source(options);
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(source);

        assigned[1].StartAt(1_234);
        var failure = await Assert.ThrowsAsync<EventSourceException>(() => running.Run);

        Assert.Contains("partition 1: offset 1234 cannot be read", failure.Message, StringComparison.Ordinal);
        Assert.Contains("0 (low watermark) up to 5 (high watermark)", failure.Message, StringComparison.Ordinal);
        Assert.Equal(OwnerCallKind.Revoked, (await running.Owner.NextAsync()).Kind);
    }

    [Fact]
    public async Task A_throwing_owner_ends_the_run_and_not_the_process()
    {
        await using KafkaEventSource source = Clients.Source(broker.TakeTopics());
        var failure = await Assert.ThrowsAsync<EventSourceException>(() => source.RunAsync(new ThrowingOwner(), CancellationToken.None));

        Assert.Equal("no room", failure.InnerException?.Message);
    }

    [Fact]
    public async Task Progress_becomes_the_offset_of_the_group_when_the_source_stops()
    {
        KafkaOptions options = broker.TakeTopics();
        using var feeder = new TopicFeeder(options);
        await feeder.AppendAsync(0, InputRecord.Numbers(0, 20));
        await using KafkaEventSource source = Clients.Source(options);
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(source);
        assigned[0].StartAt(0);
        await ReadRecord.TakeAsync(assigned[0], 20);

        source.ReportProgress(0, 15);
        running.Owner.WhileRevoked = () => source.ReportProgress(0, 20);
        running.Stop();
        await running.Run;

        Assert.Equal(20, Committed(options, partition: 0));
        Assert.Equal(Offset.Unset, Committed(options, partition: 1));
    }

    [Fact]
    public async Task A_member_that_the_group_gave_up_loses_its_partitions_and_is_assigned_anew()
    {
        const int HeartbeatApi = 12;
        const int UnknownMemberId = 25;
        await using KafkaEventSource source = Clients.Source(broker.TakeTopics());
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(source);

        await broker.Process.CommandAsync(string.Create(CultureInfo.InvariantCulture, $"error {HeartbeatApi} {UnknownMemberId}"));
        OwnerCall lost = await running.Owner.NextAsync();
        OwnerCall again = await running.Owner.NextAsync();

        Assert.Equal(OwnerCallKind.Lost, lost.Kind);
        Assert.Equal(assigned, lost.Assignments.OrderBy(a => a.Partition));
        Assert.Equal(OwnerCallKind.Assigned, again.Kind);
        Assert.Equal(2, again.Assignments.Count);
        running.Stop();
        await running.Run;
    }

    private static Offset Committed(KafkaOptions options, int partition)
    {
        using IConsumer<Ignore, Ignore> consumer = new ConsumerBuilder<Ignore, Ignore>(KafkaClientConfig.Reader(options)).Build();
        return Assert.Single(consumer.Committed([new TopicPartition(options.TransactionsTopic, partition)], TimeSpan.FromSeconds(30))).Offset;
    }

    private sealed class ThrowingOwner : IPartitionOwner
    {
        public void Assigned(IReadOnlyList<PartitionAssignment> assignments) => throw new InvalidOperationException("no room");

        public void Revoked(IReadOnlyList<PartitionAssignment> assignments)
        {
        }

        public void Lost(IReadOnlyList<PartitionAssignment> assignments)
        {
        }
    }
}
