using System.Text;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Engine.Tests.Decode;

/// <summary>The decoder over one JSON record of customer c1, and what it gave.</summary>
internal static class Decoding
{
    /// <summary>Amounts are in US dollars, a euro is worth 1.25 of them; days are Berlin's.</summary>
    public static ScoringRules Rules { get; } = new(new ScoringPolicy
    {
        BusinessTimeZone = "Europe/Berlin",
        Rates = System.Collections.Immutable.ImmutableSortedDictionary<string, decimal>.Empty.Add("EUR", 1.25m),
    });

    public delegate void Check(in CustomerEvent e);

    /// <summary>A record keyed c1.</summary>
    public static SourceRecord Record(byte[]? value, string? key = "c1") => new()
    {
        Offset = 0,
        TimestampMs = 77,
        HasKey = key is not null,
        HasValue = value is not null,
        Key = key is null ? default : Encoding.UTF8.GetBytes(key),
        Value = value,
        Headers = default,
    };

    /// <summary>An event of customer c1 with the fields given.</summary>
    public static string Json(string type, string fields = "") =>
        $$"""{"customerId":"c1","id":"e1","time":"2026-01-01T00:00:00Z","type":"{{type}}"{{(fields.Length == 0 ? "" : "," + fields)}}}""";

    public static Rejection Reject(string json, string? key = "c1")
    {
        SourceRecord record = Record(Encoding.UTF8.GetBytes(json), key);
        return new EventDecoder(Rules).Decode(in record, out _);
    }

    public static void Accept(string json, Check check, string? key = "c1")
    {
        SourceRecord record = Record(Encoding.UTF8.GetBytes(json), key);
        Rejection rejection = new EventDecoder(Rules).Decode(in record, out CustomerEvent e);
        Assert.Equal(default, rejection);
        check(in e);
    }
}
