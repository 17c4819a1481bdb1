using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using StreamScorer.Scoring.State;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// Cold records in memory. Nearly all of a record is zero, so it is kept as a bit per word that is not, and those words: a customer in grace costs 16 or 32 bytes,
/// not 515. Without references, a list of free places per size. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// A place begins with 28 bits for the first words, which nearly all records make do with, and one for each of four groups of 32 words more; the bits of those groups
/// that have any follow, then the words, then zeros. The record's first byte, its layout, is left out: it says the same of all.
/// </remarks>
internal sealed class ColdTable
{
    private const int WordBytes = 4, Words = (ColdState.SizeBytes - 1 + WordBytes - 1) / WordBytes, FirstWords = 28, GroupWords = 32, Groups = 4;
    private const uint FirstMask = (1u << FirstWords) - 1;
    private const int StepBytes = 16, PackedBytesMax = (1 + Groups + Words) * WordBytes, Sizes = (PackedBytesMax + StepBytes - 1) / StepBytes;
    private const int SizeBits = 6, ChunkBits = 8, PlacesMax = 1 << 32 - SizeBits;

    private readonly RecordMemory[] places = [.. Enumerable.Range(1, Sizes).Select(steps => new RecordMemory(steps * StepBytes, ChunkBits))];
    private readonly Stack<int>[] free = [.. Enumerable.Range(0, Sizes).Select(_ => new Stack<int>())];
    private readonly int[] used = new int[Sizes];
    private readonly uint[] unpacked = new uint[(Words + Vector256<uint>.Count - 1) / Vector256<uint>.Count * Vector256<uint>.Count];
    private readonly uint[] packed = new uint[(PackedBytesMax + StepBytes) / WordBytes];

    /// <summary>Records held.</summary>
    public int Count { get; private set; }

    /// <summary>Writes a record that is not empty.</summary>
    /// <param name="handle">Where it is, 0 for nowhere yet; receives where it is now.</param>
    /// <param name="state">The record.</param>
    /// <returns>False when it was the same already.</returns>
    public bool Put(ref int handle, in ColdState state)
    {
        int size = (Pack(in state) - 1) / StepBytes;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(packed.AsSpan())[..((size + 1) * StepBytes)];
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
        state.Layout = ColdState.CurrentLayout;
        ReadOnlySpan<uint> place = MemoryMarshal.Cast<byte, uint>(PlaceOf(handle));
        Span<byte> target = MemoryMarshal.AsBytes(new Span<ColdState>(ref state))[1..];
        uint groups = place[0] >> FirstWords;
        ReadOnlySpan<uint> masks = place.Slice(1, BitOperations.PopCount(groups)), words = place[(1 + masks.Length)..];
        Unpack(place[0] & FirstMask, 0, target, ref words);
        for (; groups != 0; groups &= groups - 1, masks = masks[1..])
            Unpack(masks[0], FirstWords + BitOperations.TrailingZeroCount(groups) * GroupWords, target, ref words);
    }

    /// <summary>Has the processor fetch a record.</summary>
    public void Fetch(int handle) => places[SizeOf(handle)].Fetch(handle >>> SizeBits);

    /// <summary>Frees a place.</summary>
    public void Remove(int handle)
    {
        free[SizeOf(handle)].Push(handle >>> SizeBits);
        Count--;
    }

    private static void Unpack(uint present, int firstWord, scoped Span<byte> target, ref ReadOnlySpan<uint> words)
    {
        for (; present != 0; present &= present - 1, words = words[1..])
        {
            Span<byte> word = target[((firstWord + BitOperations.TrailingZeroCount(present)) * WordBytes)..];
            if (!MemoryMarshal.TryWrite(word, in words[0]))
                MemoryMarshal.Write(word, (ushort)words[0]);
        }
    }

    // Returns the bytes that the record takes.
    private int Pack(in ColdState state)
    {
        MemoryMarshal.AsBytes(new ReadOnlySpan<ColdState>(in state))[1..].CopyTo(MemoryMarshal.AsBytes(unpacked.AsSpan()));
        Span<uint> present = stackalloc uint[Groups + 1];
        present.Clear();
        for (int first = 0; first < unpacked.Length; first += Vector256<uint>.Count)
        {
            uint eight = ~Vector256.Equals(Vector256.LoadUnsafe(ref unpacked[first]), Vector256<uint>.Zero).ExtractMostSignificantBits() & byte.MaxValue;
            present[first / GroupWords] |= eight << first % GroupWords;
        }
        packed[0] = present[0] & FirstMask;
        int at = 1;
        for (int group = 0; group < Groups; group++)
        {
            uint mask = present[group] >> FirstWords | present[group + 1] << GroupWords - FirstWords;
            if (mask == 0)
                continue;
            packed[0] |= 1u << FirstWords + group;
            packed[at++] = mask;
        }
        for (int group = 0; group <= Groups; group++)
        {
            for (uint bits = present[group]; bits != 0; bits &= bits - 1)
                packed[at++] = unpacked[group * GroupWords + BitOperations.TrailingZeroCount(bits)];
        }
        // Behind the last word the place is filled up with zeros, so that equal records are equal places.
        packed.AsSpan(at, StepBytes / WordBytes).Clear();
        return at * WordBytes;
    }

    // Place 0 stays empty, so that no handle is 0.
    private int NewPlace(int size)
    {
        if (!free[size].TryPop(out int place))
        {
            place = ++used[size];
            if (place == PlacesMax)
                throw new InvalidOperationException($"a partition holds at most {PlacesMax - 1} cold records of a size; use more partitions");
            if (place >= places[size].Capacity)
                places[size].Grow();
        }
        return place << SizeBits | size;
    }

    private Span<byte> PlaceOf(int handle)
    {
        int size = SizeOf(handle);
        return MemoryMarshal.CreateSpan(ref places[size][handle >>> SizeBits], (size + 1) * StepBytes);
    }

    private static int SizeOf(int handle) => handle & ((1 << SizeBits) - 1);
}
