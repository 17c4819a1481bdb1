using StreamScorer.Contracts;
using StreamScorer.Engine.Source;
using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class KafkaEventSourceTests(KafkaBroker broker) : EventSourceContract, IClassFixture<KafkaBroker>
{
    protected override Task<EventSourceHarness> NewInputAsync() => Task.FromResult<EventSourceHarness>(new Input(broker.TakeTopics()));

    private sealed class Input(KafkaOptions options) : EventSourceHarness
    {
        private readonly TopicFeeder feeder = new(options);

        public override IEventSource Connect() =>
            Clients.Source(options with { BatchSizeMax = BatchSizeMax, QueuedBatchesMax = QueuedBatchesMax });

        public override Task AppendAsync(int partition, params IReadOnlyList<InputRecord> records) => feeder.AppendAsync(partition, records);

        public override ValueTask DisposeAsync()
        {
            feeder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
