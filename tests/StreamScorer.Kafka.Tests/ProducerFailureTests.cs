using StreamScorer.Engine.Publish;
using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class ProducerFailureTests(KafkaBroker broker) : IClassFixture<KafkaBroker>
{
    private const int InitProducerIdApi = 22, ClusterAuthorizationFailed = 31;

    [Fact]
    public async Task When_one_producer_gave_up_nothing_is_published_by_the_other()
    {
        await broker.Process.CommandAsync($"error {InitProducerIdApi} {ClusterAuthorizationFailed}");
        await using KafkaTransitionSink sink = Clients.Sink(broker.TakeTopics());
        await sink.OpenAsync(broker.PartitionCount, CancellationToken.None);

        // The first to ask for its number is the one that is refused.
        await GivesUpAsync(sink);

        foreach (int count in (int[])[1, 100])
        {
            var refusal = await Assert.ThrowsAsync<TransitionSinkException>(() => PublishAsync(sink, count));
            Assert.False(refusal.IsTransient);
            Assert.Contains("Restart the worker", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static async Task GivesUpAsync(KafkaTransitionSink sink)
    {
        while (true)
        {
            try
            {
                await PublishAsync(sink, 1);
                await PublishAsync(sink, 100);
            }
            catch (TransitionSinkException)
            {
                return;
            }
        }
    }

    private static Task PublishAsync(KafkaTransitionSink sink, int count) => sink.PublishAsync(
        0, [.. Enumerable.Range(1, count).Select(seq => new OutboxEntry(seq, OutboxKind.Transition, $"t{seq}", [1], [2], []))], CancellationToken.None).AsTask();
}
