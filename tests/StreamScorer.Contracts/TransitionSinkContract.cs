using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using Xunit;

namespace StreamScorer.Contracts;

/// <summary>What the engine relies on in every transition sink.</summary>
public abstract class TransitionSinkContract
{
    /// <summary>New, empty outputs of the implementation under test.</summary>
    protected abstract Task<TransitionSinkHarness> NewOutputAsync();

    [Fact]
    public async Task Opening_accepts_only_as_many_partitions_as_the_input_has()
    {
        await using TransitionSinkHarness output = await NewOutputAsync();
        await using ITransitionSink sink = output.Connect();

        await sink.OpenAsync(TransitionSinkHarness.PartitionCount, CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<TransitionSinkException>(() => sink.OpenAsync(3, CancellationToken.None).AsTask());

        Assert.Contains("3", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_are_read_back_in_order_byte_for_byte()
    {
        OutboxEntry[] entries =
        [
            new(1, OutboxKind.Transition, "a", [0, 255], [1, 2, 3], RecordHeaders.Pack([new("id", [7]), new("id", []), new("größe", null)])),
            new(2, OutboxKind.Tombstone, "b", [0, 255], null, []),
            new(3, OutboxKind.Transition, "c", [], [], RecordHeaders.Pack([new("outbox-seq", "3"u8.ToArray())])),
        ];
        await using TransitionSinkHarness output = await NewOutputAsync();
        await using ITransitionSink sink = await OpenAsync(output);

        long next = await sink.PublishAsync(1, entries, CancellationToken.None);
        List<PublishedRecord> read = await ReadAsync(sink, 1, 0);

        Assert.Equal(next, await sink.EndPositionAsync(1, CancellationToken.None));
        Assert.Equal(next, read[^1].Position + 1);
        Assert.Equal(entries.Select(e => e.Key), read.Select(r => r.Key));
        Assert.Equal(entries.Select(e => e.Value), read.Select(r => r.Value));
        Assert.Equal(entries.Select(e => RecordHeaders.Unpack(e.Headers)), read.Select(r => r.Headers));
        Assert.Empty(await ReadAsync(sink, 0, 0));
    }

    [Fact]
    public async Task Order_is_kept_over_many_calls_and_partitions()
    {
        await using TransitionSinkHarness output = await NewOutputAsync();
        await using ITransitionSink sink = await OpenAsync(output);

        await Task.WhenAll(PublishManyAsync(0), PublishManyAsync(1));

        for (int partition = 0; partition < TransitionSinkHarness.PartitionCount; partition++)
            Assert.Equal(Enumerable.Range(0, 2_000), (await ReadAsync(sink, partition, 0)).Select(r => BitConverter.ToInt32(r.Value!)));

        async Task PublishManyAsync(int partition)
        {
            for (int first = 0; first < 2_000; first += 100)
            {
                await sink.PublishAsync(partition, Transitions(first, 1), CancellationToken.None);
                await sink.PublishAsync(partition, Transitions(first + 1, 99), CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task Reading_starts_at_the_wanted_position_and_ends_at_the_present_end()
    {
        await using TransitionSinkHarness output = await NewOutputAsync();
        await using ITransitionSink sink = await OpenAsync(output);
        Assert.Equal(0, await sink.EndPositionAsync(0, CancellationToken.None));
        long afterFirst = await sink.PublishAsync(0, Transitions(0, 10), CancellationToken.None);
        long afterSecond = await sink.PublishAsync(0, Transitions(10, 5), CancellationToken.None);

        Assert.Equal(Enumerable.Range(10, 5), (await ReadAsync(sink, 0, afterFirst)).Select(r => BitConverter.ToInt32(r.Value!)));
        Assert.Empty(await ReadAsync(sink, 0, afterSecond));

        await sink.PublishAsync(0, Transitions(15, 2_500), CancellationToken.None);
        Assert.Equal(Enumerable.Range(1_249, 1_266), (await ReadAsync(sink, 0, afterSecond + 1_234)).Select(r => BitConverter.ToInt32(r.Value!)));
    }

    [Fact]
    public async Task Dead_letters_go_to_their_own_output_and_have_no_position()
    {
        OutboxEntry[] deadLetters =
        [
            new(2, OutboxKind.DeadLetter, "x", null, [255, 0], RecordHeaders.Pack([new("reason", "malformed_json"u8.ToArray())])),
            new(3, OutboxKind.DeadLetter, "y", [1], null, []),
        ];
        await using TransitionSinkHarness output = await NewOutputAsync();
        await using ITransitionSink sink = await OpenAsync(output);

        long afterFirst = await sink.PublishAsync(0, Transitions(0, 1), CancellationToken.None);
        Assert.Equal(-1, await sink.PublishAsync(0, deadLetters, CancellationToken.None));
        long afterMixed = await sink.PublishAsync(0, [.. Transitions(1, 1), .. deadLetters], CancellationToken.None);

        Assert.Equal(afterFirst + 1, afterMixed);
        Assert.Equal([0, 1], (await ReadAsync(sink, 0, 0)).Select(r => BitConverter.ToInt32(r.Value!)));
        IReadOnlyList<PublishedRecord> published = await output.DeadLettersAsync(0);
        Assert.Equal(published.Skip(1).Select(r => r.Value), await sink.ReadDeadLettersAsync(0, 1, CancellationToken.None).Select(r => r.Value).ToListAsync());
        OutboxEntry[] expected = [.. deadLetters, .. deadLetters];
        Assert.Equal(expected.Select(e => e.Key), published.Select(r => r.Key));
        Assert.Equal(expected.Select(e => e.Value), published.Select(r => r.Value));
        Assert.Equal(expected.Select(e => RecordHeaders.Unpack(e.Headers)), published.Select(r => r.Headers));
    }

    [Fact]
    public async Task Another_instance_reads_what_the_first_one_published()
    {
        await using TransitionSinkHarness output = await NewOutputAsync();
        await using ITransitionSink first = await OpenAsync(output);
        await using ITransitionSink second = await OpenAsync(output);

        await first.PublishAsync(0, Transitions(0, 3), CancellationToken.None);
        await second.PublishAsync(0, Transitions(3, 3), CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 6), (await ReadAsync(first, 0, 0)).Select(r => BitConverter.ToInt32(r.Value!)));
    }

    /// <summary>Transitions whose values are the numbers from <paramref name="first"/> on.</summary>
    protected static OutboxEntry[] Transitions(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(n => new OutboxEntry(n + 1, OutboxKind.Transition, $"t{n}", "k"u8.ToArray(), BitConverter.GetBytes(n), []))];

    /// <summary>What is published from a position on.</summary>
    protected static async Task<List<PublishedRecord>> ReadAsync(ITransitionSink sink, int partition, long fromPosition)
    {
        var records = new List<PublishedRecord>();
        await foreach (PublishedRecord record in sink.ReadAsync(partition, fromPosition, CancellationToken.None))
            records.Add(record);
        return records;
    }

    private static async Task<ITransitionSink> OpenAsync(TransitionSinkHarness output)
    {
        ITransitionSink sink = output.Connect();
        await sink.OpenAsync(TransitionSinkHarness.PartitionCount, CancellationToken.None);
        return sink;
    }
}
