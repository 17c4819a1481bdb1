using System.Security.Cryptography;
using System.Text;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;

namespace StreamScorer.Engine.Tests;

/// <summary>Every reason there is comes of a real record, and what is too large to be published is cut.</summary>
public sealed class DeadLetterTests
{
    private const string Time = "2026-01-01T10:00:00Z";

    /// <summary>A record for each reason: value and key.</summary>
    private static readonly Dictionary<RejectionReason, (string Value, string? Key)> records = new()
    {
        [RejectionReason.MalformedJson] = ("{", "c1"),
        [RejectionReason.MissingField] = ($$"""{"customerId":"c1","id":"e","time":"{{Time}}","type":"purchase"}""", "c1"),
        [RejectionReason.InvalidValue] = ($$"""{"customerId":"c1","id":"e","time":"{{Time}}","type":"purchase","amount":"x"}""", "c1"),
        [RejectionReason.UnknownType] = ($$"""{"customerId":"c1","id":"e","time":"{{Time}}","type":"gift"}""", "c1"),
        [RejectionReason.UnknownCurrency] = ($$"""{"customerId":"c1","id":"e","time":"{{Time}}","type":"purchase","amount":1,"currency":"XTS"}""", "c1"),
        [RejectionReason.KeyMismatch] = ($$"""{"customerId":"c1","id":"e","time":"{{Time}}","type":"purchase","amount":1}""", "c2"),
        [RejectionReason.MissingKey] = ($$"""{"customerId":"c1","id":"e","time":"{{Time}}","type":"purchase","amount":1}""", null),
        [RejectionReason.WrongPartition] = ($$"""{"customerId":"stray","id":"e","time":"{{Time}}","type":"purchase","amount":1}""", "stray"),
        [RejectionReason.Oversized] = (new string(' ', EventDecoder.ValueBytesMax + 1), "c1"),
        [RejectionReason.FutureTimestamp] = ("""{"customerId":"c1","id":"e","time":"2027-01-01T00:00:00Z","type":"purchase","amount":1}""", "c1"),
        [RejectionReason.UnsupportedVersion] = ($$"""{"schemaVersion":2,"customerId":"c1","id":"e","time":"{{Time}}","type":"purchase","amount":1}""", "c1"),
    };

    [Fact]
    public async Task Every_reason_is_reached_by_a_record_and_the_next_record_is_processed()
    {
        var run = new EngineRun(partitions: 2) { UntilLearned = true };
        var placement = new KeyPlacement(2);
        for (int i = 0; i < KeyPlacement.RecordsToLearn; i++)
            run.Purchase($"k{i}", "e1", Time, 1, Of($"k{i}"));
        await run.ToEndAsync();

        EngineRun next = run.Again();
        foreach ((string value, string? key) in records.Values)
            next.Append(value, key, key == "stray" ? 1 - Of(key) : Of("c1"));
        next.Purchase("c1", "good", Time, 1, Of("c1"));
        await next.ToEndAsync();

        Assert.Equal(
            Enum.GetValues<RejectionReason>().Skip(1).Select(reason => reason.Name()).Order(),
            Enumerable.Range(0, 2).SelectMany(next.Log.DeadLetters).Select(letter => Text(letter, "reason")).Order());
        Assert.Equal(1, (await next.CustomerAsync("c1", Of("c1"))).PurchaseCount);

        int Of(string key) => placement.PartitionOf(Encoding.UTF8.GetBytes(key), PartitionerKind.Murmur2);
    }

    [Fact]
    public async Task A_dead_letter_that_is_too_large_to_be_published_keeps_its_beginning_and_says_so()
    {
        var run = new EngineRun(1, new EngineRun().Options with { DeadLetterBytesMax = 100_000 });
        string large = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i % 100:00} ")), fits = large[..100_000];
        run.Append(large, "c1");
        run.Append(fits, "c1");
        await run.ToEndAsync();

        PublishedRecord[] letters = [.. run.Log.DeadLetters(0)];
        Assert.Equal(large[..65_536], Encoding.UTF8.GetString(letters[0].Value!));
        Assert.Equal(
            ("120000", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(large))), "true"),
            (Text(letters[0], DeadLetterCut.OriginalLengthHeader), Text(letters[0], DeadLetterCut.Sha256Header), Text(letters[0], DeadLetterCut.TruncatedHeader)));
        Assert.Equal(fits, Encoding.UTF8.GetString(letters[1].Value!));
        Assert.Equal("", Text(letters[1], DeadLetterCut.TruncatedHeader));
    }

    [Fact]
    public void A_dead_letter_that_is_cut_again_tells_of_the_whole()
    {
        var entry = new OutboxEntry(1, OutboxKind.DeadLetter, "d", null, new byte[10], []);
        OutboxEntry twice = DeadLetterCut.Cut(DeadLetterCut.Cut(entry, 6), 3);

        Assert.Equal(3, twice.Value!.Length);
        Assert.Equal(
            [("original-length", "10"), ("sha256", Convert.ToHexStringLower(SHA256.HashData(new byte[10]))), ("truncated", "true")],
            RecordHeaders.Unpack(twice.Headers).Select(header => (header.Key, Encoding.UTF8.GetString(header.Value!))));
    }

    private static string Text(PublishedRecord letter, string name) =>
        letter.Headers.LastOrDefault(header => header.Key == name).Value is { } value ? Encoding.UTF8.GetString(value) : "";
}
