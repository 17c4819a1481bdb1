using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// Millions of records of one size, each on the boundary of a cache line where its size allows, in blocks that the garbage collector neither moves nor looks into
/// and that growing leaves where they are. Large blocks ask the system for huge pages: of memory that is read all over, the processor can keep track of a few
/// megabytes in small pages only, and waits for the page table with nearly every read of the rest. Not safe for concurrent use.
/// </summary>
/// <param name="recordBytes">Size of a record.</param>
/// <param name="chunkBits">Blocks are whole chunks of this power of two of records.</param>
public sealed partial class RecordMemory(int recordBytes, int chunkBits = 10)
{
    private const int LineBytes = 64, HugePageBytes = 2 << 20, BlockBytesMax = 1 << 30, GrowthDivisor = 8, AdviseHugePages = 14;

    // The addresses below are those of these arrays, which they keep alive.
    private readonly List<byte[]> blocks = [];
    private nint[] chunks = [];

    /// <summary>Records that there is room for.</summary>
    public int Capacity => chunks.Length << chunkBits;

    /// <summary>First byte of a record; whatever was there before until it is written.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such record.</exception>
    public unsafe ref byte this[int record] =>
        ref *((byte*)chunks[record >> chunkBits] + (record & ((1 << chunkBits) - 1)) * (long)recordBytes);

    /// <summary>Has the processor fetch a record into its nearest cache, and does not wait for it. Does nothing where there is no such instruction.</summary>
    public unsafe void Fetch(int record)
    {
        if (!Sse.IsSupported)
            return;
        byte* first = (byte*)Unsafe.AsPointer(ref this[record]);
        for (int at = 0; at < recordBytes; at += LineBytes)
            Sse.Prefetch0(first + at);
    }

    /// <summary>Makes room for an eighth more, so that little is held in advance and a million records are some sixty blocks.</summary>
    public void Grow() => Add(Math.Max(1, chunks.Length / GrowthDivisor));

    /// <summary>Makes room for so many in all: a block is the better the larger it is.</summary>
    public void Reserve(int records)
    {
        int chunkRecords = 1 << chunkBits;
        if (records > Capacity)
            Add((records - Capacity + chunkRecords - 1) / chunkRecords);
    }

    // At most: what is more is added when it is needed.
    private unsafe void Add(int most)
    {
        int chunkBytes = recordBytes << chunkBits, added = Math.Min(most, BlockBytesMax / chunkBytes);
        byte[] block = GC.AllocateUninitializedArray<byte>(added * chunkBytes + LineBytes, pinned: true);
        blocks.Add(block);
        nint begin = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(block)), first = RoundUp(begin, LineBytes);
        AskForHugePages(begin, block.Length);
        int held = chunks.Length;
        Array.Resize(ref chunks, held + added);
        for (int i = 0; i < added; i++)
            chunks[held + i] = first + i * (nint)chunkBytes;
    }

    // A wish: where the system has no such pages, everything works as well in small ones.
    private static void AskForHugePages(nint begin, int length)
    {
        nint from = RoundUp(begin, HugePageBytes), bytes = (begin + length - from) & -HugePageBytes;
        if (OperatingSystem.IsLinux() && bytes > 0)
            _ = Advise(from, bytes, AdviseHugePages);
    }

    private static nint RoundUp(nint address, int unit) => (address + unit - 1) & -unit;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
