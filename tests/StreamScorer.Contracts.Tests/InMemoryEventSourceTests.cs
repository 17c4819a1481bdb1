using StreamScorer.Engine.Source;
using StreamScorer.Testing.Log;

namespace StreamScorer.Contracts.Tests;

/// <summary>The in-memory log delivers as the real sources do.</summary>
public sealed class InMemoryEventSourceTests : EventSourceContract
{
    protected override Task<EventSourceHarness> NewInputAsync() => Task.FromResult<EventSourceHarness>(new Input());

    private sealed class Input : EventSourceHarness
    {
        private readonly InMemoryEventLog log = new(PartitionCount) { BatchSizeMax = BatchSizeMax, QueuedBatchesMax = QueuedBatchesMax };

        public override IEventSource Connect() => log.Connect();

        public override Task AppendAsync(int partition, params IReadOnlyList<InputRecord> records)
        {
            foreach (InputRecord record in records)
                log.Append(partition, record.Key, record.Value, record.TimestampMs, RecordHeaders.Pack(record.Headers));
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
