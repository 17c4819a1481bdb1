using System.Collections.Concurrent;
using System.Text.Json;

namespace StreamScorer.Worker.Replay;

/// <summary>The parts of a published transition that a replay counts.</summary>
/// <param name="Time">Effective time as published.</param>
public readonly record struct PublishedTransition(
    string CustomerId, string Scheme, string From, string To, string Direction, string Cause, string Time)
{
    private const int NameLengthMax = 64;

    private static readonly ConcurrentDictionary<string, string> names = [];

    /// <summary>Reads the CloudEvents JSON of the output, as far as the effective time: none of the parts comes behind it.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static PublishedTransition Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        string? customerId = null, scheme = null, from = null, to = null, direction = null, cause = null;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 2)
                continue;
            if (reader.ValueTextEquals("customerId"u8))
                customerId = Next(ref reader);
            else if (reader.ValueTextEquals("scheme"u8))
                scheme = NextName(ref reader);
            else if (reader.ValueTextEquals("from"u8))
                from = NextName(ref reader);
            else if (reader.ValueTextEquals("to"u8))
                to = NextName(ref reader);
            else if (reader.ValueTextEquals("direction"u8))
                direction = NextName(ref reader);
            else if (reader.ValueTextEquals("cause"u8))
                cause = NextName(ref reader);
            else if (reader.ValueTextEquals("effectiveTime"u8))
                return new PublishedTransition(customerId!, scheme!, from!, to!, direction!, cause!, Next(ref reader)!);
        }
        return new PublishedTransition(customerId!, scheme!, from!, to!, direction!, cause!, null!);
    }

    // There are some dozens of names in all, and a replay reads them a hundred thousand times.
    private static string NextName(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.ValueSpan.Length > NameLengthMax)
            return reader.GetString()!;
        Span<char> text = stackalloc char[NameLengthMax];
        ReadOnlySpan<char> name = text[..reader.CopyString(text)];
        return names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out string? known) ? known : names.GetOrAdd(name.ToString(), same => same);
    }

    private static string? Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }
}
