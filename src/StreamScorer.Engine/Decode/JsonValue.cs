using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StreamScorer.Engine.Decode;

/// <summary>
/// Ends of plain JSON values: of a text or number, a whole window of bytes is compared at once and its end is the first bit set, so that no branch depends on a
/// value's length (G. Langdale and D. Lemire, Parsing gigabytes of JSON per second, 2019, section 3.1).
/// </summary>
/// <remarks>
/// A step takes <see cref="PaddedJson"/> and a position in it and returns the one behind what it read, or <see cref="Declined"/> when that is not plain.
/// </remarks>
internal static class JsonValue
{
    /// <summary>Not plain, or no JSON at all: for the JSON reader.</summary>
    public const int Declined = -1;

    /// <summary>Behind a text without escapes.</summary>
    /// <param name="json">Padded.</param>
    /// <param name="at">Behind the quote that opens it.</param>
    /// <param name="isAscii">Whether there is nothing but ASCII in it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BehindText(ReadOnlySpan<byte> json, int at, out bool isAscii)
    {
        isAscii = true;
        while (true)
        {
            Vector256<byte> bytes = Window(json, at);
            uint stops = StopsIn(bytes);
            // Of those up to the first stop, which is ASCII.
            isAscii &= (bytes.ExtractMostSignificantBits() & (stops ^ (stops - 1))) == 0;
            if (stops != 0)
            {
                at += BitOperations.TrailingZeroCount(stops);
                return json[at] == '"' ? at + 1 : Declined;
            }
            at += Vector256<byte>.Count;
        }
    }

    /// <summary>Behind a number without an exponent; what follows it is for the caller to check.</summary>
    /// <param name="json">Padded.</param>
    /// <param name="at">Its first digit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BehindDigits(ReadOnlySpan<byte> json, int at)
    {
        uint others = ~AtMost(Window(json, at) - Vector256.Create((byte)'0'), 9).ExtractMostSignificantBits();
        int whole = BitOperations.TrailingZeroCount(others), end = whole;
        if (whole == 0 || (whole > 1 && json[at] == '0'))
            return Declined;
        if (json[at + whole] == '.')
        {
            end = BitOperations.TrailingZeroCount(others & (others - 1));
            if (end == whole + 1)
                return Declined;
        }
        // None is found when it is longer than the window.
        return end < Vector256<byte>.Count ? at + end : Declined;
    }

    /// <summary>Behind a literal such as <c>null</c>.</summary>
    public static int BehindLiteral(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> literal) =>
        json[at..].StartsWith(literal) ? at + literal.Length : Declined;

    /// <summary>Behind one byte, and what blanks stand before it.</summary>
    public static int Behind(ReadOnlySpan<byte> json, int at, char wanted)
    {
        at = BehindSpace(json, at);
        return json[at] == wanted ? at + 1 : Declined;
    }

    /// <summary>Behind blanks, if there are any.</summary>
    public static int BehindSpace(ReadOnlySpan<byte> json, int at)
    {
        while (json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Window(ReadOnlySpan<byte> json, int at) => Vector256.Create(json.Slice(at, Vector256<byte>.Count));

    // Quotes, backslashes and control characters.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint StopsIn(Vector256<byte> bytes) =>
        (Vector256.Equals(bytes, Vector256.Create((byte)'"')) | Vector256.Equals(bytes, Vector256.Create((byte)'\\')) | AtMost(bytes, 31)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> AtMost(Vector256<byte> bytes, byte most) => Vector256.Equals(Vector256.Min(bytes, Vector256.Create(most)), bytes);
}
