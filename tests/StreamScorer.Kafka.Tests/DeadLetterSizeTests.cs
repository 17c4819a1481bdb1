using System.Security.Cryptography;
using System.Text;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class DeadLetterSizeTests(KafkaBroker broker) : IClassFixture<KafkaBroker>
{
    private const int ProduceApi = 0;
    private const int MessageTooLarge = 10;

    [Fact]
    public async Task A_dead_letter_above_the_size_limit_is_cut_and_says_so()
    {
        byte[] value = RandomNumberGenerator.GetBytes(1_500_000);
        KafkaOptions options = broker.TakeTopics();
        await using KafkaTransitionSink sink = await OpenAsync(options);

        await sink.PublishAsync(1, [DeadLetter(1, "small"u8.ToArray()), DeadLetter(2, value), DeadLetter(3, null)], CancellationToken.None);
        IReadOnlyList<PublishedRecord> published = await KafkaOutput.ReadAsync(options, options.DeadLettersTopic, 1);

        Assert.Equal(3, published.Count);
        PublishedRecord cut = published.Single(r => r.Value?.Length > 100);
        Assert.Equal(value[..65_536], cut.Value);
        Assert.Equal(
            [("reason", "oversized"), ("original-length", "1500000"), ("sha256", Convert.ToHexStringLower(SHA256.HashData(value))), ("truncated", "true")],
            cut.Headers.Select(h => (h.Key, Encoding.UTF8.GetString(h.Value!))));
        Assert.All(published.Where(r => r != cut), r => Assert.Single(r.Headers));
    }

    [Fact]
    public async Task A_dead_letter_that_was_refused_with_its_batch_is_kept_whole_when_it_fits_alone()
    {
        KafkaOptions options = broker.TakeTopics();
        await using KafkaTransitionSink sink = await OpenAsync(options);

        await broker.Process.CommandAsync($"error {ProduceApi} {MessageTooLarge}");
        await sink.PublishAsync(0, [DeadLetter(1, "a"u8.ToArray()), DeadLetter(2, "b"u8.ToArray())], CancellationToken.None);

        IReadOnlyList<PublishedRecord> published = await KafkaOutput.ReadAsync(options, options.DeadLettersTopic, 0);
        Assert.Equal(["a", "b"], published.Select(r => Encoding.UTF8.GetString(r.Value!)).Order());
        Assert.All(published, r => Assert.Single(r.Headers));
    }

    [Fact]
    public async Task A_transition_above_the_size_limit_is_an_error_that_names_the_fix()
    {
        await using KafkaTransitionSink sink = await OpenAsync(broker.TakeTopics());

        var refusal = await Assert.ThrowsAsync<TransitionSinkException>(
            () => sink.PublishAsync(0, [new OutboxEntry(1, OutboxKind.Transition, "t", [1], new byte[1_500_000], [])], CancellationToken.None).AsTask());

        Assert.Contains("max.message.bytes", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ever_shorter_lengths_are_tried_and_at_last_none()
    {
        var lengths = new List<int>();
        for (int length = DeadLetterCut.NextLength(1_000_000); length >= 0; length = DeadLetterCut.NextLength(length))
            lengths.Add(length);

        Assert.Equal([65_536, 32_768, 16_384], lengths.Take(3));
        Assert.Equal([1, 0], lengths.TakeLast(2));
        Assert.Equal(10, DeadLetterCut.NextLength(20));
    }

    private static OutboxEntry DeadLetter(long seq, byte[]? value) =>
        new(seq, OutboxKind.DeadLetter, $"d{seq}", [1], value, RecordHeaders.Pack([new("reason", "oversized"u8.ToArray())]));

    private async Task<KafkaTransitionSink> OpenAsync(KafkaOptions options)
    {
        KafkaTransitionSink sink = Clients.Sink(options);
        await sink.OpenAsync(broker.PartitionCount, CancellationToken.None);
        return sink;
    }
}
