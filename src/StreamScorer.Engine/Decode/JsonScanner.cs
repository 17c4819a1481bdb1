using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace StreamScorer.Engine.Decode;

/// <summary>
/// Locates the fields of an object in one pass, for JSON as producers write it: texts without escapes, not nested deeply. Whatever else there is, malformed JSON
/// included, it declines, and <see cref="Utf8JsonReader"/> decides; what it accepts, that reader accepts with the same places. Half of a decoder's time is
/// reading the JSON, and this takes a third of it.
/// </summary>
/// <remarks>
/// Every step takes a position and returns the one behind what it read, or <see cref="Declined"/>, which all steps pass on. Positions are values and not a field, so
/// that they stay in registers.
/// </remarks>
internal sealed class JsonScanner
{
    private const int DepthMax = 8, Declined = -1;
    private readonly FieldOrder order = new();

    /// <summary>Sets the places of known fields that are not null.</summary>
    /// <param name="json">The object.</param>
    /// <param name="offset">Where <paramref name="json"/> begins in the record.</param>
    /// <param name="places">Receives the places; also when false, and then those up to where it declines, which the reader finds again.</param>
    /// <returns>False when it declines.</returns>
    public bool TryLocate(ReadOnlySpan<byte> json, int offset, ref FieldPlaces places)
    {
        int at = 0;
        for (int place = 0; ; place++)
        {
            int start = BehindLead(json, at, place, out EventField field);
            JsonTokenType token = TokenAt(json, start);
            at = token == JsonTokenType.String ? BehindText(json, start, out bool isAscii) : BehindOther(json, start, token, 0, out isAscii);
            if (at == Declined)
                return false;
            if (field != EventField.None && token != JsonTokenType.Null)
            {
                int quote = token == JsonTokenType.String ? 1 : 0;
                places[(int)field] = new FieldPlace(offset + start + quote, at - start - 2 * quote, token, IsEscaped: false, isAscii);
            }
            int end = Behind(json, at, '}');
            if (end != Declined)
                return BehindSpace(json, end) == json.Length;
        }
    }

    // Behind what stands before a value: the brace or comma, its name and the colon.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int BehindLead(ReadOnlySpan<byte> json, int at, int place, out EventField field) =>
        order.IsKnown(place, json[at..], out field, out int length) ? BehindSpace(json, at + length) : BehindOtherLead(json, at, place, out field);

    private int BehindOtherLead(ReadOnlySpan<byte> json, int at, int place, out EventField field)
    {
        field = EventField.None;
        int name = BehindSpace(json, Behind(json, at, place == 0 ? '{' : ',')), end = BehindText(json, name, out _);
        int start = BehindSpace(json, Behind(json, end, ':'));
        if (start == Declined)
            return Declined;
        field = EventFieldNames.Of(json[(name + 1)..(end - 1)]);
        order.Keep(place, json[at..start], field);
        return start;
    }

    private static JsonTokenType TokenAt(ReadOnlySpan<byte> json, int at) => (uint)at >= (uint)json.Length ? JsonTokenType.None : json[at] switch
    {
        (byte)'"' => JsonTokenType.String,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonTokenType.Number,
        (byte)'t' => JsonTokenType.True,
        (byte)'f' => JsonTokenType.False,
        (byte)'n' => JsonTokenType.Null,
        (byte)'{' => JsonTokenType.StartObject,
        (byte)'[' => JsonTokenType.StartArray,
        _ => JsonTokenType.None,
    };

    private static int BehindValue(ReadOnlySpan<byte> json, int at, int depth)
    {
        JsonTokenType token = TokenAt(json, at);
        return token == JsonTokenType.String ? BehindText(json, at, out _) : BehindOther(json, at, token, depth, out _);
    }

    // Whatever is no text.
    private static int BehindOther(ReadOnlySpan<byte> json, int at, JsonTokenType token, int depth, out bool isAscii)
    {
        isAscii = false;
        return token switch
        {
            JsonTokenType.Number => BehindNumber(json, at),
            JsonTokenType.True => BehindLiteral(json, at, "true"u8),
            JsonTokenType.False => BehindLiteral(json, at, "false"u8),
            JsonTokenType.Null => BehindLiteral(json, at, "null"u8),
            JsonTokenType.StartObject when depth < DepthMax => BehindMembers(json, at + 1, '}', depth + 1),
            JsonTokenType.StartArray when depth < DepthMax => BehindMembers(json, at + 1, ']', depth + 1),
            _ => Declined,
        };
    }

    // What is in a nested object or array, and its end.
    private static int BehindMembers(ReadOnlySpan<byte> json, int at, char close, int depth)
    {
        int end = Behind(json, at, close);
        while (end == Declined)
        {
            if (close == '}')
                at = Behind(json, BehindText(json, BehindSpace(json, at), out _), ':');
            at = BehindSpace(json, at);
            at = BehindValue(json, at, depth);
            end = Behind(json, at, close);
            at = Behind(json, at, ',');
            if (at == Declined)
                return end;
        }
        return end;
    }

    // Thirty-two bytes at a time, up to the first quote, backslash or control character.
    private static int BehindText(ReadOnlySpan<byte> json, int at, out bool isAscii)
    {
        isAscii = true;
        if ((uint)at >= (uint)json.Length || json[at] != '"')
            return Declined;
        at++;
        for (; at <= json.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            Vector256<byte> bytes = Vector256.Create(json.Slice(at, Vector256<byte>.Count));
            Vector256<byte> isStop = Vector256.Equals(bytes, Vector256.Create((byte)'"')) | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
                | Vector256.LessThan(bytes, Vector256.Create((byte)' '));
            uint stops = isStop.ExtractMostSignificantBits(), beyondAscii = bytes.ExtractMostSignificantBits();
            // Those before the first stop; all when there is none.
            isAscii &= (beyondAscii & (stops - 1) & ~stops) == 0;
            if (stops == 0)
                continue;
            int stop = at + BitOperations.TrailingZeroCount(stops);
            return json[stop] == '"' ? stop + 1 : Declined;
        }
        for (; at < json.Length && json[at] >= ' ' && json[at] != '\\'; at++)
        {
            if (json[at] == '"')
                return at + 1;
            isAscii &= json[at] < 0x80;
        }
        return Declined;
    }

    private static int BehindNumber(ReadOnlySpan<byte> json, int at)
    {
        int whole = json[at] == '-' ? at + 1 : at;
        at = BehindDigits(json, whole);
        if (at == whole || (at > whole + 1 && json[whole] == '0'))
            return Declined;
        if (at < json.Length && json[at] == '.')
        {
            int fraction = at + 1;
            at = BehindDigits(json, fraction);
            if (at == fraction)
                return Declined;
        }
        // Exponents are rare, and so are numbers that nothing follows.
        bool ends = at < json.Length && json[at] is (byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';
        return ends ? at : Declined;
    }

    private static int BehindDigits(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && (uint)(json[at] - '0') <= 9)
            at++;
        return at;
    }

    private static int BehindLiteral(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> literal) =>
        json[at..].StartsWith(literal) ? at + literal.Length : Declined;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Behind(ReadOnlySpan<byte> json, int at, char wanted)
    {
        at = BehindSpace(json, at);
        return (uint)at < (uint)json.Length && json[at] == wanted ? at + 1 : Declined;
    }

    // Between most tokens there is none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int BehindSpace(ReadOnlySpan<byte> json, int at) =>
        (uint)at < (uint)json.Length && json[at] <= ' ' ? BehindSomeSpace(json, at) : at;

    private static int BehindSomeSpace(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at;
    }
}
