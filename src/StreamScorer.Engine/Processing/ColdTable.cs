using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using StreamScorer.Scoring.State;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// Cold records in memory. Nearly all of a record is zero, so it is kept as a bit per word that is not, and those words: a customer in grace costs 32 bytes, not
/// 515. In chunks without references, a list of free places per size. Not safe for concurrent use.
/// </summary>
internal sealed class ColdTable
{
    private const int WordBytes = 4, Words = (ColdState.SizeBytes + WordBytes - 1) / WordBytes, BitBytes = (Words + 31) / 32 * 4;
    private const int StepBytes = 32, PackedBytesMax = BitBytes + Words * WordBytes, Sizes = PackedBytesMax / StepBytes + 1;
    private const int SizeBits = 5, ChunkBits = 8, PlacesPerChunk = 1 << ChunkBits;

    private readonly List<byte[]>[] chunks = [.. Enumerable.Range(0, Sizes).Select(_ => new List<byte[]>())];
    private readonly Stack<int>[] free = [.. Enumerable.Range(0, Sizes).Select(_ => new Stack<int>())];
    private readonly int[] used = new int[Sizes];
    private readonly byte[] unpacked = new byte[(Words + Vector256<uint>.Count - 1) / Vector256<uint>.Count * Vector256<byte>.Count];
    private readonly byte[] packed = new byte[PackedBytesMax + StepBytes];

    /// <summary>Records held.</summary>
    public int Count { get; private set; }

    /// <summary>Writes a record that is not empty.</summary>
    /// <param name="handle">Where it is, 0 for nowhere yet; receives where it is now.</param>
    /// <param name="state">The record.</param>
    /// <returns>False when it was the same already.</returns>
    public bool Put(ref int handle, in ColdState state)
    {
        int size = Pack(in state) / StepBytes;
        ReadOnlySpan<byte> bytes = packed.AsSpan(0, (size + 1) * StepBytes);
        if (handle != 0 && SizeOf(handle) == size)
        {
            Span<byte> held = PlaceOf(handle);
            if (held.SequenceEqual(bytes))
                return false;
            bytes.CopyTo(held);
            return true;
        }
        if (handle != 0)
            Remove(handle);
        handle = NewPlace(size);
        bytes.CopyTo(PlaceOf(handle));
        Count++;
        return true;
    }

    /// <summary>Reads a record back.</summary>
    public void Read(int handle, out ColdState state)
    {
        state = default;
        ReadOnlySpan<byte> place = PlaceOf(handle), words = place[BitBytes..];
        Span<byte> target = MemoryMarshal.AsBytes(new Span<ColdState>(ref state));
        for (int group = 0; group < BitBytes / 4; group++)
        {
            for (uint bits = BinaryPrimitives.ReadUInt32LittleEndian(place[(group * 4)..]); bits != 0; bits &= bits - 1)
            {
                Span<byte> word = target[((group * 32 + BitOperations.TrailingZeroCount(bits)) * WordBytes)..];
                int length = Math.Min(WordBytes, word.Length);
                words[..length].CopyTo(word);
                words = words[WordBytes..];
            }
        }
    }

    /// <summary>Reads a byte of a record, so that its place is in the processor's cache.</summary>
    public byte Touch(int handle) => PlaceOf(handle)[0];

    /// <summary>Frees a place.</summary>
    public void Remove(int handle)
    {
        free[SizeOf(handle)].Push(handle >> SizeBits);
        Count--;
    }

    private int Pack(in ColdState state)
    {
        MemoryMarshal.AsBytes(new ReadOnlySpan<ColdState>(in state)).CopyTo(unpacked);
        ReadOnlySpan<uint> from = MemoryMarshal.Cast<byte, uint>(unpacked);
        Span<uint> bits = MemoryMarshal.Cast<byte, uint>(packed.AsSpan(0, BitBytes)), to = MemoryMarshal.Cast<byte, uint>(packed.AsSpan(BitBytes));
        bits.Clear();
        int count = 0;
        for (int first = 0; first < from.Length; first += Vector256<uint>.Count)
        {
            Vector256<uint> words = Vector256.Create(from.Slice(first, Vector256<uint>.Count));
            uint present = ~Vector256.Equals(words, Vector256<uint>.Zero).ExtractMostSignificantBits() & byte.MaxValue;
            bits[first / 32] |= present << first % 32;
            for (; present != 0; present &= present - 1)
                to[count++] = from[first + BitOperations.TrailingZeroCount(present)];
        }
        // Behind the last word the place is filled up with zeros, so that equal records are equal places.
        to.Slice(count, StepBytes / WordBytes).Clear();
        return BitBytes + count * WordBytes;
    }

    private int NewPlace(int size)
    {
        if (!free[size].TryPop(out int place))
        {
            place = ++used[size];
            if (place >> ChunkBits == chunks[size].Count)
                chunks[size].Add(new byte[(size + 1) * StepBytes * PlacesPerChunk]);
        }
        return place << SizeBits | size;
    }

    private Span<byte> PlaceOf(int handle)
    {
        int size = SizeOf(handle), place = handle >> SizeBits, bytes = (size + 1) * StepBytes;
        return chunks[size][place >> ChunkBits].AsSpan((place & (PlacesPerChunk - 1)) * bytes, bytes);
    }

    private static int SizeOf(int handle) => handle & ((1 << SizeBits) - 1);
}
