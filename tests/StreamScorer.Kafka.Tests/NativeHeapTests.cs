using System.Globalization;
using System.Runtime.InteropServices;
using StreamScorer.Kafka.Native;
using Xunit;

namespace StreamScorer.Kafka.Tests;

/// <summary>What librdkafka has freed goes back to the system when it is told to. Alone, because the memory of the process is what it measures.</summary>
[Collection(nameof(NativeHeapTests))]
[CollectionDefinition(nameof(NativeHeapTests), DisableParallelization = true)]
public sealed unsafe class NativeHeapTests
{
    private const int Blocks = 2_000, BlockBytes = 64 * 1024, KeptOf = 20;

    [Fact]
    public void A_trim_gives_back_what_is_free_between_what_is_in_use()
    {
        if (!NativeHeap.CanTrim)
            return;
        var blocks = new nint[Blocks];
        for (int i = 0; i < Blocks; i++)
        {
            blocks[i] = (nint)NativeMemory.Alloc(BlockBytes);
            NativeMemory.Fill((void*)blocks[i], BlockBytes, 1);
        }
        // What is all free at the end of its heap the C library gives back by itself.
        Free(isKept: false);
        long before = ResidentBytes();

        NativeHeap.Trim();

        long given = before - ResidentBytes();
        Free(isKept: true);
        Assert.True(given > Blocks / 2L * BlockBytes, $"{given} bytes went back");

        void Free(bool isKept)
        {
            for (int i = 0; i < Blocks; i++)
                if (i % KeptOf == 0 == isKept)
                    NativeMemory.Free((void*)blocks[i]);
        }
    }

    private static long ResidentBytes() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
