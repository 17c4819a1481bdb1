using StreamScorer.Contracts;
using StreamScorer.Engine.Publish;
using StreamScorer.Standalone.Log;
using Xunit;

namespace StreamScorer.Standalone.Tests;

/// <summary>The standalone log takes transitions as the contract of sinks says.</summary>
public sealed class StandaloneTransitionSinkTests : TransitionSinkContract
{
    protected override Task<TransitionSinkHarness> NewOutputAsync() => Task.FromResult<TransitionSinkHarness>(new Output());

    [Fact]
    public async Task A_missing_row_is_an_error_that_names_the_record()
    {
        await using var file = new StandaloneFile();
        await using var sink = new StandaloneTransitionSink(file.Log);
        for (int seq = 1; seq <= 3; seq++)
            await sink.PublishAsync(0, [new OutboxEntry(seq, OutboxKind.Transition, $"id {seq}", [1], [2], [])], CancellationToken.None);
        file.Execute($"DELETE FROM log WHERE topic = '{StandaloneLog.Transitions}' AND base_offset = 1");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        var failure = await Assert.ThrowsAsync<TransitionSinkException>(async () =>
        {
            await foreach (PublishedRecord record in sink.ReadAsync(0, 0, patience.Token))
                Assert.Equal(0, record.Position);
        });

        Assert.Contains("tier-transitions, partition 0, has no record 1 although it goes on to 3", failure.Message, StringComparison.Ordinal);
    }

    private sealed class Output : TransitionSinkHarness
    {
        private readonly StandaloneFile file = new(PartitionCount);

        public override ITransitionSink Connect() => new StandaloneTransitionSink(file.Log);

        public override Task<IReadOnlyList<PublishedRecord>> DeadLettersAsync(int partition) =>
            Task.FromResult(file.Log.Read(StandaloneLog.DeadLetters, partition, from: 0, recordsMax: int.MaxValue));

        public override ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
