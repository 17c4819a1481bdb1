using StreamScorer.Contracts;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class AllocationTests(KafkaBroker broker) : IClassFixture<KafkaBroker>
{
    private const int Records = 100_000;
    private const int Passes = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_consumer_thread_allocates_nothing_per_record()
    {
        KafkaOptions options = broker.TakeTopics();
        using var feeder = new TopicFeeder(options);
        await feeder.AppendAsync(0, [.. InputRecord.Numbers(0, Records - 1), new InputRecord([1], [2], 3, [new("id", [4])])]);
        await using KafkaEventSource source = Clients.Source(options);
        var owner = new MeasuringOwner();
        using var stopping = new CancellationTokenSource();
        Task run = source.RunAsync(owner, stopping.Token);
        PartitionAssignment assignment = (await owner.Assignments.Task).Single(a => a.Partition == 0);

        for (int pass = 0; pass < Passes; pass++)
        {
            assignment.StartAt(0);
            await DrainAsync(assignment);
        }
        stopping.Cancel();
        await run;

        // An object per record would be 24 bytes at least; batches, seeks and the group's own calls share what is left.
        Assert.InRange(owner.AllocatedBytes / (double)(Records * Passes), 0, 4);
    }

    [Fact]
    public async Task Publishing_allocates_nothing_per_record()
    {
        const int Entries = 1_000;
        await using KafkaTransitionSink sink = Clients.Sink(broker.TakeTopics());
        await sink.OpenAsync(broker.PartitionCount, CancellationToken.None);
        byte[] headers = RecordHeaders.Pack([new("id", [1]), new("scheme", [2]), new("none", null)]);
        OutboxEntry[] entries = [.. Enumerable.Range(1, Entries).Select(seq => new OutboxEntry(seq, OutboxKind.Transition, "t", [1], [2], headers))];
        await sink.PublishAsync(0, entries, CancellationToken.None);

        long before = GC.GetAllocatedBytesForCurrentThread();
        ValueTask<long> publishing = sink.PublishAsync(0, entries, CancellationToken.None);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(2 * Entries, await publishing);
        // An object per record would be 24 bytes at least; the publication and its tasks share what is left.
        Assert.InRange(allocated / (double)Entries, 0, 8);
    }

    private static async Task DrainAsync(PartitionAssignment assignment)
    {
        long next = 0;
        while (next < Records && await assignment.Records.WaitToReadAsync().AsTask().WaitAsync(Patience))
        {
            while (assignment.TryRead(out RecordBatch? batch))
            {
                Assert.Equal(next, batch[0].Offset);
                next = batch.NextOffset;
                batch.Dispose();
            }
        }
    }

    /// <summary>Its calls come from the consumer thread, so the difference between two is what that thread has allocated.</summary>
    private sealed class MeasuringOwner : IPartitionOwner
    {
        private long atStart;

        public TaskCompletionSource<IReadOnlyList<PartitionAssignment>> Assignments { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long AllocatedBytes { get; private set; }

        public void Assigned(IReadOnlyList<PartitionAssignment> assignments)
        {
            Assignments.SetResult(assignments);
            atStart = GC.GetAllocatedBytesForCurrentThread();
        }

        public void Revoked(IReadOnlyList<PartitionAssignment> assignments) => AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - atStart;

        public void Lost(IReadOnlyList<PartitionAssignment> assignments)
        {
        }
    }
}
