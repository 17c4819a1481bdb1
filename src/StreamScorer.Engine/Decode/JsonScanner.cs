using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace StreamScorer.Engine.Decode;

/// <summary>
/// Locates the fields of an object in one pass, for JSON as producers write it: texts without escapes, not nested deeply. Whatever else there is, malformed JSON
/// included, it declines, and <see cref="Utf8JsonReader"/> decides; what it accepts, that reader accepts with the same places. Half of a decoder's time is
/// reading the JSON, and this takes a third of it.
/// </summary>
internal ref struct JsonScanner(ReadOnlySpan<byte> json)
{
    private const int DepthMax = 8;
    private const ulong Ones = 0x0101_0101_0101_0101, Highs = Ones << 7;

    private readonly ReadOnlySpan<byte> json = json;
    private int at;

    /// <summary>Sets the places of known fields that are not null.</summary>
    /// <param name="offset">Where <c>json</c> begins in the record.</param>
    /// <param name="places">Receives the places; also when false, and then they mean nothing.</param>
    /// <returns>False when it declines.</returns>
    public bool TryLocate(int offset, ref FieldPlaces places)
    {
        if (!TryTake('{'))
            return false;
        do
        {
            SkipWhitespace();
            if (!TryName(out EventField field) || !TryTake(':'))
                return false;
            SkipWhitespace();
            int start = at;
            JsonTokenType token = TokenHere;
            if (!TrySkipValue(token, 0, out bool isAscii))
                return false;
            if (field == EventField.None || token == JsonTokenType.Null)
                continue;
            int quote = token == JsonTokenType.String ? 1 : 0;
            places[(int)field] = new FieldPlace(offset + start + quote, at - start - 2 * quote, token, IsEscaped: false, isAscii);
        }
        while (TryTake(','));
        if (!TryTake('}'))
            return false;
        SkipWhitespace();
        return at == json.Length;
    }

    private readonly JsonTokenType TokenHere => at >= json.Length ? JsonTokenType.None : json[at] switch
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

    private bool TryName(out EventField field)
    {
        int start = at + 1;
        bool isText = TrySkipText(out _);
        field = isText ? EventFieldNames.Of(json[start..(at - 1)]) : EventField.None;
        return isText;
    }

    private bool TrySkipValue(JsonTokenType token, int depth, out bool isAscii)
    {
        isAscii = false;
        return token switch
        {
            JsonTokenType.String => TrySkipText(out isAscii),
            JsonTokenType.Number => TrySkipNumber(),
            JsonTokenType.True => TrySkipLiteral("true"u8),
            JsonTokenType.False => TrySkipLiteral("false"u8),
            JsonTokenType.Null => TrySkipLiteral("null"u8),
            JsonTokenType.StartObject => depth < DepthMax && TrySkipObject(depth + 1),
            JsonTokenType.StartArray => depth < DepthMax && TrySkipArray(depth + 1),
            _ => false,
        };
    }

    private bool TrySkipObject(int depth)
    {
        at++;
        if (TryTake('}'))
            return true;
        do
        {
            SkipWhitespace();
            if (!TrySkipText(out _) || !TryTake(':') || !TrySkipNested(depth))
                return false;
        }
        while (TryTake(','));
        return TryTake('}');
    }

    private bool TrySkipArray(int depth)
    {
        at++;
        if (TryTake(']'))
            return true;
        do
        {
            if (!TrySkipNested(depth))
                return false;
        }
        while (TryTake(','));
        return TryTake(']');
    }

    private bool TrySkipNested(int depth)
    {
        SkipWhitespace();
        return TrySkipValue(TokenHere, depth, out _);
    }

    // Eight bytes at a time. A byte that is a quote, a backslash or a control character sets the high bit of its place in "stops"; borrows between bytes can set
    // wrong bits only behind the first right one.
    private bool TrySkipText(out bool isAscii)
    {
        isAscii = false;
        if (at >= json.Length || json[at] != '"')
            return false;
        at++;
        ulong seen = 0;
        for (; at + sizeof(ulong) <= json.Length; at += sizeof(ulong))
        {
            ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(json[at..]), quotes = bytes ^ (Ones * '"'), escapes = bytes ^ (Ones * '\\');
            ulong stops = (((quotes - Ones) & ~quotes) | ((escapes - Ones) & ~escapes) | ((bytes - Ones * ' ') & ~bytes)) & Highs;
            if (stops == 0)
            {
                seen |= bytes;
                continue;
            }
            int before = BitOperations.TrailingZeroCount(stops) & ~7;
            seen |= bytes & ((1UL << before) - 1);
            at += before / 8;
            isAscii = (seen & Highs) == 0;
            return json[at++] == '"';
        }
        for (; at < json.Length && json[at] >= ' ' && json[at] != '\\'; at++)
        {
            if (json[at] == '"')
            {
                isAscii = (seen & Highs) == 0;
                at++;
                return true;
            }
            seen |= json[at];
        }
        return false;
    }

    private bool TrySkipNumber()
    {
        if (json[at] == '-')
            at++;
        int whole = at, digits = SkipDigits();
        if (digits == 0 || (digits > 1 && json[whole] == '0'))
            return false;
        if (at < json.Length && json[at] == '.')
        {
            at++;
            if (SkipDigits() == 0)
                return false;
        }
        // Exponents are rare, and so are numbers that nothing follows.
        return at < json.Length && json[at] is (byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';
    }

    private int SkipDigits()
    {
        int start = at;
        while (at < json.Length && (uint)(json[at] - '0') <= 9)
            at++;
        return at - start;
    }

    private bool TrySkipLiteral(ReadOnlySpan<byte> literal)
    {
        bool isIt = json[at..].StartsWith(literal);
        at += literal.Length;
        return isIt;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(char wanted)
    {
        SkipWhitespace();
        if ((uint)at >= (uint)json.Length || json[at] != wanted)
            return false;
        at++;
        return true;
    }

    // Between most tokens there is none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipWhitespace()
    {
        if ((uint)at < (uint)json.Length && json[at] <= ' ')
            SkipSomeWhitespace();
    }

    private void SkipSomeWhitespace()
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
    }
}
