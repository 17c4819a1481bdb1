using StreamScorer.Engine.Publish;
using StreamScorer.Testing.Log;

namespace StreamScorer.Contracts.Tests;

/// <summary>The in-memory log takes transitions as the real sinks do.</summary>
public sealed class InMemoryTransitionSinkTests : TransitionSinkContract
{
    protected override Task<TransitionSinkHarness> NewOutputAsync() => Task.FromResult<TransitionSinkHarness>(new Output());

    private sealed class Output : TransitionSinkHarness
    {
        private readonly InMemoryEventLog log = new(PartitionCount);

        public override ITransitionSink Connect() => log.Connect();

        public override Task<IReadOnlyList<PublishedRecord>> DeadLettersAsync(int partition) => Task.FromResult(log.DeadLetters(partition));

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
