using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StreamScorer.Engine.Decode;

/// <summary>
/// What stood before the values of the object read last, by their place in it: a brace or comma, the name and a colon. A producer writes the fields of all its events in
/// the same order and the same way, so that this is nearly always as it was last time: one comparison instead of finding four tokens and looking a name up. Not safe
/// for concurrent use.
/// </summary>
internal sealed class FieldOrder
{
    private const int PlacesMax = 16;
    private static readonly int BytesMax = Vector256<byte>.Count;
    private readonly Lead[] leads = new Lead[PlacesMax];

    /// <summary>Whether what stands before the value at a place is as it was last time.</summary>
    /// <param name="place">Place in the object, from 0.</param>
    /// <param name="json">What begins behind the value before.</param>
    /// <param name="field">Receives the field that is named there.</param>
    /// <param name="length">Receives the number of bytes before the value; blanks may follow.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsKnown(int place, ReadOnlySpan<byte> json, out EventField field, out int length)
    {
        (field, length) = (EventField.None, 0);
        if (place >= PlacesMax)
            return false;
        ref readonly Lead lead = ref leads[place];
        (field, length) = (lead.Field, lead.Length);
        return length > 0 && (json.Length >= BytesMax
            ? ((Vector256.Create(json[..BytesMax]) ^ lead.Bytes) & lead.Mask) == Vector256<byte>.Zero
            : json.StartsWith(lead.Text));
    }

    /// <summary>Keeps what stands before a value for the next time; long ones and those far behind are not worth it.</summary>
    /// <param name="place">Place of the value in the object, from 0.</param>
    /// <param name="text">From behind the value before up to this one.</param>
    /// <param name="field">The field that is named there.</param>
    public void Keep(int place, ReadOnlySpan<byte> text, EventField field)
    {
        if (place >= PlacesMax || text.Length > BytesMax)
            return;
        Span<byte> bytes = stackalloc byte[Vector256<byte>.Count], mask = stackalloc byte[Vector256<byte>.Count];
        bytes.Clear();
        mask.Clear();
        text.CopyTo(bytes);
        mask[..text.Length].Fill(byte.MaxValue);
        leads[place] = new Lead(Vector256.Create<byte>(bytes), Vector256.Create<byte>(mask), text.Length, field);
    }

    private readonly struct Lead(Vector256<byte> bytes, Vector256<byte> mask, int length, EventField field)
    {
        public readonly Vector256<byte> Bytes = bytes;

        // All ones where there is a byte.
        public readonly Vector256<byte> Mask = mask;
        public readonly int Length = length;
        public readonly EventField Field = field;

        [UnscopedRef]
        public ReadOnlySpan<byte> Text => MemoryMarshal.AsBytes(new ReadOnlySpan<Vector256<byte>>(in Bytes))[..Length];
    }
}
