using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StreamScorer.Engine.Decode;

/// <summary>
/// What stands in JSON between a value and the next: brackets that close, a comma, a name and a colon, and the blanks among them. A bracket that opens counts as a value.
/// Behind the last value, what closes the object.
/// </summary>
internal struct Lead
{
    private static readonly int BytesMax = Vector256<byte>.Count;

    /// <summary>Number of the lead that came next last time.</summary>
    public byte Next;

    /// <summary>The known field that is named in it, in the outer object.</summary>
    public EventField Field;

    /// <summary>Bytes; blanks may follow.</summary>
    public int Length;

    /// <summary>Bytes up to where the outer object's value before it ends, when that is one in brackets, or the object itself; else 0.</summary>
    public int OuterEnd;

    /// <summary>The nesting behind the value that follows, unless that opens a bracket; outside behind the object.</summary>
    public Nesting After;

    // How many bytes are compared; and the nesting before them, which is none when it is not to be found again.
    private byte compared;
    private Nesting before;
    private Vector256<byte> bytes;

    /// <summary>Whether it can be found again.</summary>
    public readonly bool IsKept => !before.Equals(default);

    /// <summary>Whether it stands at a position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsAt(ReadOnlySpan<byte> json, int at, Nesting nesting) =>
        nesting.Equals(before)
        && BitOperations.TrailingZeroCount(~Vector256.Equals(Vector256.Create(json.Slice(at, BytesMax)), bytes).ExtractMostSignificantBits()) >= compared;

    /// <summary>Reads the one at a position; false when there is none.</summary>
    /// <param name="json">Padded.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="nesting">The nesting there.</param>
    /// <param name="lead">Receives the lead.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, int at, Nesting nesting, out Lead lead)
    {
        int start = at;
        lead = new Lead { before = nesting };
        for (at = JsonValue.BehindSpace(json, at); json[at] is (byte)'}' or (byte)']'; at = JsonValue.BehindSpace(json, at))
        {
            if (nesting.IsArray != (json[at++] == ']'))
                return false;
            nesting = nesting.Closed;
            if (nesting.IsOuter || (nesting.IsOutside && lead.OuterEnd == 0))
                lead.OuterEnd = at - start;
            if (nesting.IsOutside)
                return lead.Complete(json[start..], at - start, nesting);
        }
        if (!nesting.IsEmpty)
            at = JsonValue.Behind(json, at, ',');
        if (at != JsonValue.Declined && !nesting.IsArray)
            at = BehindName(json, at, nesting.IsOuter, out lead.Field);
        return at != JsonValue.Declined && lead.Complete(json[start..], JsonValue.BehindSpace(json, at) - start, nesting.BehindValue);
    }

    private static int BehindName(ReadOnlySpan<byte> json, int at, bool isOuter, out EventField field)
    {
        field = EventField.None;
        int name = JsonValue.Behind(json, at, '"');
        int end = name == JsonValue.Declined ? JsonValue.Declined : JsonValue.BehindText(json, name, out _);
        if (end == JsonValue.Declined)
            return JsonValue.Declined;
        if (isOuter)
            field = EventFieldNames.Of(json[name..(end - 1)]);
        return JsonValue.Behind(json, end, ':');
    }

    private bool Complete(ReadOnlySpan<byte> text, int length, Nesting after)
    {
        (Length, After) = (length, after);
        // Before an array's first value stands nothing, and before the bracket that closes an empty one: the byte behind it tells which.
        bool isKept = (length > 0 && length <= BytesMax) || (length == 0 && text[0] is (byte)'"' or (byte)'{' or (byte)'[');
        if (!isKept)
        {
            before = default;
            return true;
        }
        compared = (byte)Math.Max(length, 1);
        bytes = Vector256.Create(text[..BytesMax]);
        return true;
    }
}
