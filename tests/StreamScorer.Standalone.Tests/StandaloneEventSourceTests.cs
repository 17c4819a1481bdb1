using StreamScorer.Contracts;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Log;

namespace StreamScorer.Standalone.Tests;

/// <summary>The standalone log delivers as the contract of event sources says.</summary>
public sealed class StandaloneEventSourceTests : EventSourceContract
{
    protected override Task<EventSourceHarness> NewInputAsync() => Task.FromResult<EventSourceHarness>(new Input());

    private sealed class Input : EventSourceHarness
    {
        private readonly StandaloneFile file = new(PartitionCount);

        public override IEventSource Connect() => new StandaloneEventSource(file.Log, BatchSizeMax, QueuedBatchesMax);

        public override async Task AppendAsync(int partition, params IReadOnlyList<InputRecord> records)
        {
            var block = new LogBlock();
            foreach (InputRecord record in records)
                block.Add(
                    record.TimestampMs, record.Key is not null, record.Key, record.Value is not null, record.Value, RecordHeaders.Pack(record.Headers));
            await file.Log.AppendAsync(partition, block);
        }

        public override ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
