using System.Runtime.CompilerServices;
using StreamScorer.Engine.Processing;

namespace StreamScorer.Engine.Tests.Processing;

public sealed class RecordMemoryTests
{
    [Fact]
    public void Records_stay_where_they_are_while_it_grows_and_lie_on_cache_lines()
    {
        var memory = new RecordMemory(64, chunkBits: 4);
        memory.Grow();
        ref byte first = ref memory[0];
        first = 7;
        for (int record = 1; record < 5_000; record++)
        {
            if (record == memory.Capacity)
                memory.Grow();
            memory[record] = (byte)record;
        }
        GC.Collect();

        Assert.True(Unsafe.AreSame(ref first, ref memory[0]));
        Assert.Equal(7, memory[0]);
        Assert.All(Enumerable.Range(1, 4_999), record => Assert.Equal((byte)record, memory[record]));
        Assert.All(Enumerable.Range(0, 5_000), record => Assert.Equal(0, AddressOf(ref memory[record]) % 64));
        Assert.InRange(memory.Capacity, 5_000, 5_000 * 9 / 8 + 16);
    }

    [Fact]
    public void Makes_room_for_as_many_as_are_expected()
    {
        var memory = new RecordMemory(256);
        memory.Reserve(10_000);
        Assert.Equal(10_240, memory.Capacity);
        memory.Reserve(5_000);
        Assert.Equal(10_240, memory.Capacity);
        Assert.Throws<IndexOutOfRangeException>(() => { memory[10_240] = 1; });
    }

    private static unsafe nint AddressOf(ref byte record) => (nint)Unsafe.AsPointer(ref record);
}
