using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StreamScorer.Scoring.State;

/// <summary>
/// The customer's last eight event ids as 40-bit hashes. A false match needs two ids of one customer, eight events apart at most, to collide:
/// about 7e-12 for an event, so that an event is not lost to it in practice.
/// </summary>
[InlineArray(Capacity * HashBytes)]
public struct RecentEventIds
{
    /// <summary>Event ids kept.</summary>
    public const int Capacity = 8;

    private const int HashBytes = 5, HashMissingBits = 64 - 8 * HashBytes;
    private const ulong HashMask = ulong.MaxValue >> HashMissingBits;

    private byte first;

    /// <summary>True when <paramref name="eventIdHash"/> is among the last ids.</summary>
    public readonly bool Contains(ulong eventIdHash)
    {
        ReadOnlySpan<byte> bytes = this;
        ulong wanted = Fold(eventIdHash);
        // Without asking after each, and with the bytes of the next one cut off; the last one is read by bytes of the one before it.
        bool isFound = BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]) >> HashMissingBits == wanted;
        for (int i = 0; i < bytes.Length - HashBytes; i += HashBytes)
            isFound |= (BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]) & HashMask) == wanted;
        return isFound;
    }

    /// <summary>Puts an id in front and drops the oldest.</summary>
    public void Push(ulong eventIdHash)
    {
        Span<byte> bytes = this;
        Vector256<byte> newest = Vector256.Create<byte>(bytes);
        uint last = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^(HashBytes + sizeof(uint))..]);
        // It takes three bytes more than the id has; the next ones are written over them.
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Fold(eventIdHash));
        newest.CopyTo(bytes[HashBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[^sizeof(uint)..], last);
    }

    // Zero marks an empty place, so no id may fold to it.
    private static ulong Fold(ulong hash) => Math.Max(hash & HashMask, 1);
}
