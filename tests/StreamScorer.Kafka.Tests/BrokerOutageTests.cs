using StreamScorer.Contracts;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class BrokerOutageTests(KafkaBroker broker) : IClassFixture<KafkaBroker>
{
    [Fact]
    public async Task Reading_goes_on_where_it_was_when_the_broker_comes_back()
    {
        KafkaOptions options = broker.TakeTopics() with { BatchSizeMax = 10, QueuedBatchesMax = 1, PrefetchRecords = 50 };
        using var feeder = new TopicFeeder(options);
        await feeder.AppendAsync(0, InputRecord.Numbers(0, 2_000));
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(Clients.Source(options));
        await using RunningSource _ = running;
        assigned[0].StartAt(0);
        List<ReadRecord> before = await ReadRecord.TakeAsync(assigned[0], 100);

        await broker.Process.CommandAsync("down 1");
        await broker.Process.CommandAsync("up 1");
        await feeder.AppendAsync(0, InputRecord.Numbers(2_000, 500));
        List<ReadRecord> after = await ReadRecord.TakeAsync(assigned[0], 2_500 - before.Count);

        Assert.Equal(Enumerable.Range(0, 2_500), before.Concat(after).Select(r => r.Number));
    }

    [Fact]
    public async Task Publishing_waits_for_the_broker_and_keeps_its_order()
    {
        await using KafkaTransitionSink sink = Clients.Sink(broker.TakeTopics());
        await sink.OpenAsync(broker.PartitionCount, CancellationToken.None);
        await sink.PublishAsync(0, Transitions(0, 10), CancellationToken.None);

        await broker.Process.CommandAsync("down 1");
        Task<long> publishing = sink.PublishAsync(0, Transitions(10, 1_000), CancellationToken.None).AsTask();
        await broker.Process.CommandAsync("up 1");

        Assert.Equal(1_010, await publishing);
        Assert.Equal(Enumerable.Range(0, 1_010), await NumbersAsync(sink));
    }

    [Fact]
    public async Task What_a_cancelled_call_had_queued_is_settled_before_anything_is_read_back()
    {
        await using KafkaTransitionSink sink = Clients.Sink(broker.TakeTopics());
        await sink.OpenAsync(broker.PartitionCount, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();

        await broker.Process.CommandAsync("down 1");
        Task<long> publishing = sink.PublishAsync(0, Transitions(0, 5), cancellation.Token).AsTask();
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
        Task<int[]> reading = NumbersAsync(sink);
        await broker.Process.CommandAsync("up 1");

        Assert.Equal(Enumerable.Range(0, 5), await reading);
    }

    [Theory]
    [InlineData(5, 100)]
    [InlineData(100, 5)]
    public async Task What_a_cancelled_call_had_queued_comes_before_what_is_published_next(int cancelled, int next)
    {
        await using KafkaTransitionSink sink = Clients.Sink(broker.TakeTopics());
        await sink.OpenAsync(broker.PartitionCount, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();

        await broker.Process.CommandAsync("down 1");
        Task<long> publishing = sink.PublishAsync(0, Transitions(0, cancelled), cancellation.Token).AsTask();
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
        Task<long> publishingNext = sink.PublishAsync(0, Transitions(cancelled, next), CancellationToken.None).AsTask();
        await broker.Process.CommandAsync("up 1");

        Assert.Equal(cancelled + next, await publishingNext);
        Assert.Equal(Enumerable.Range(0, cancelled + next), await NumbersAsync(sink));
    }

    private static OutboxEntry[] Transitions(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(n => new OutboxEntry(n + 1, OutboxKind.Transition, $"t{n}", [1], BitConverter.GetBytes(n), []))];

    private static async Task<int[]> NumbersAsync(KafkaTransitionSink sink)
    {
        var numbers = new List<int>();
        await foreach (PublishedRecord record in sink.ReadAsync(0, 0, CancellationToken.None))
            numbers.Add(BitConverter.ToInt32(record.Value!));
        return [.. numbers];
    }
}
