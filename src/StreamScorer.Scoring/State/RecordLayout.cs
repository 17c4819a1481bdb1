using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace StreamScorer.Scoring.State;

/// <summary>
/// Layouts of the stored hot record; its first byte says which one it has. In memory there is one form, <see cref="CustomerState"/>: whatever is stored is brought
/// to it when it is loaded, and written in the layout that all workers on the store have agreed on. A version reads its own layout and the next one, so while a
/// deployment is rolled, workers of two versions that follow each other take partitions over from one another. A layout that was released is read for ever.
/// </summary>
/// <remarks>
/// Layout 2 is the record as it lies in memory. Layout 3 is the byte 3, a bit per word of 8 bytes that is not zero (4 bytes, little-endian, lowest bit first), and
/// those words. A record that would not be shorter that way stays in layout 2. Cold records have had one layout since then: they leave zeros out already.
/// </remarks>
public static class RecordLayout
{
    /// <summary>What a new state is begun with, because the version before this one reads it too.</summary>
    public const int Own = CustomerState.CurrentLayout;

    /// <summary>The newest that is read here, and written once all workers read it and an operator has said so.</summary>
    public const int Next = 3;

    private const int WordBytes = 8, WordsAt = 1 + sizeof(uint);

    /// <summary>Whether this version reads a layout.</summary>
    public static bool IsRead(int layout) => layout is >= Own and <= Next;

    /// <summary>A record for the store.</summary>
    /// <param name="state">The record.</param>
    /// <param name="layout"><see cref="Own"/> or <see cref="Next"/>.</param>
    /// <param name="scratch"><see cref="CustomerState.SizeBytes"/> bytes that the result may lie in.</param>
    public static ReadOnlySpan<byte> Encode(ref readonly CustomerState state, int layout, Span<byte> scratch)
    {
        ReadOnlySpan<byte> whole = CustomerState.AsBytes(in state);
        return layout == Next && Pack(whole, scratch) is var length and > 0 ? scratch[..length] : whole;
    }

    /// <summary>Brings a record of layout 3 to the form in memory.</summary>
    /// <returns>False when it is not one.</returns>
    internal static bool TryUnpack(ReadOnlySpan<byte> record, out CustomerState state)
    {
        state = default;
        if (record.Length < WordsAt || record[0] != Next)
            return false;
        uint present = BinaryPrimitives.ReadUInt32LittleEndian(record[1..]);
        ReadOnlySpan<byte> words = record[WordsAt..];
        if (words.Length != BitOperations.PopCount(present) * WordBytes)
            return false;
        Span<byte> whole = MemoryMarshal.AsBytes(new Span<CustomerState>(ref state));
        for (; present != 0; present &= present - 1)
        {
            words[..WordBytes].CopyTo(whole[(BitOperations.TrailingZeroCount(present) * WordBytes)..]);
            words = words[WordBytes..];
        }
        return state.Layout == CustomerState.CurrentLayout;
    }

    // The length in the scratch, or 0 when the record is not shorter that way.
    private static int Pack(ReadOnlySpan<byte> whole, Span<byte> scratch)
    {
        uint present = 0;
        int length = WordsAt;
        for (int word = 0; word < CustomerState.SizeBytes / WordBytes; word++)
        {
            ReadOnlySpan<byte> bytes = whole.Slice(word * WordBytes, WordBytes);
            if (BinaryPrimitives.ReadUInt64LittleEndian(bytes) == 0)
                continue;
            if (length + WordBytes >= CustomerState.SizeBytes)
                return 0;
            present |= 1u << word;
            bytes.CopyTo(scratch[length..]);
            length += WordBytes;
        }
        scratch[0] = Next;
        BinaryPrimitives.WriteUInt32LittleEndian(scratch[1..], present);
        return length;
    }
}
