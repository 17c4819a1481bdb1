using StreamScorer.Contracts;
using StreamScorer.Engine.Publish;
using StreamScorer.Standalone.Log;

namespace StreamScorer.Standalone.Tests;

/// <summary>The standalone log takes transitions as the contract of sinks says.</summary>
public sealed class StandaloneTransitionSinkTests : TransitionSinkContract
{
    protected override Task<TransitionSinkHarness> NewOutputAsync() => Task.FromResult<TransitionSinkHarness>(new Output());

    private sealed class Output : TransitionSinkHarness
    {
        private readonly StandaloneFile file = new(PartitionCount);

        public override ITransitionSink Connect() => new StandaloneTransitionSink(file.Log);

        public override Task<IReadOnlyList<PublishedRecord>> DeadLettersAsync(int partition) =>
            Task.FromResult(file.Log.Read(StandaloneLog.DeadLetters, partition, from: 0, recordsMax: int.MaxValue));

        public override ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
