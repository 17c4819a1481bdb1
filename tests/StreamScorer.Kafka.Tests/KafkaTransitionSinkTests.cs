using StreamScorer.Contracts;
using StreamScorer.Engine.Publish;
using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class KafkaTransitionSinkTests(KafkaBroker broker) : TransitionSinkContract, IClassFixture<KafkaBroker>
{
    protected override Task<TransitionSinkHarness> NewOutputAsync() => Task.FromResult<TransitionSinkHarness>(new Output(broker.TakeTopics()));

    private sealed class Output(KafkaOptions options) : TransitionSinkHarness
    {
        public override ITransitionSink Connect() => Clients.Sink(options);

        public override Task<IReadOnlyList<PublishedRecord>> DeadLettersAsync(int partition) => KafkaOutput.ReadAsync(options, options.DeadLettersTopic, partition);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
