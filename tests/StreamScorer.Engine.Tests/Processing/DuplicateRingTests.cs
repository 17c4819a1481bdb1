using System.Buffers.Binary;
using StreamScorer.Engine.Processing;

namespace StreamScorer.Engine.Tests.Processing;

public sealed class DuplicateRingTests
{
    [Fact]
    public void Remembers_its_capacity_and_not_one_more()
    {
        var ring = new DuplicateRing();
        for (ulong i = 0; i < DuplicateRing.Capacity + 10; i++)
            ring.Push(Id(i));

        Assert.False(ring.Contains(Id(9)));
        Assert.True(ring.Contains(Id(10)));
        Assert.True(ring.Contains(Id(DuplicateRing.Capacity + 9)));
        Assert.Equal(DuplicateRing.Capacity + 10, ring.Pushed);
    }

    [Fact]
    public void Ids_whose_hashes_differ_in_the_middle_only_are_told_apart()
    {
        var ring = new DuplicateRing();
        for (ulong i = 0; i < 1000; i += 2)
            ring.Push(InTheMiddle(i));

        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal(i % 2 == 0, ring.Contains(InTheMiddle((ulong)i))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xFUL)]
    [InlineData(0xFFFF_FFFFUL)]
    public void Agrees_with_a_plain_set_for_as_long_as_numbers_take_to_come_round(ulong shared)
    {
        var ring = new DuplicateRing();
        var plain = new Queue<ulong>();
        var held = new HashSet<ulong>();
        var random = new Random(5);
        // Two to the power of 22 pushes, after which a place's number comes again, and then until everything held is from after that.
        for (int i = 0; ring.Pushed < (1 << 22) + 2 * DuplicateRing.Capacity; i++)
        {
            // One in eight of some 150,000 ids: a part of them is held, a part was forgotten.
            ulong id = random.Next(8) == 0 ? Id((ulong)Math.Max(0, i - random.Next(150_000))) & ~shared : Id((ulong)i) & ~shared;
            bool contains = ring.Contains(id);
            if (contains != held.Contains(id))
                Assert.Fail($"push {i}: {id:x16} {(contains ? "is" : "is not")} among the ids");
            if (contains)
                continue;
            ring.Push(id);
            held.Add(id);
            plain.Enqueue(id);
            if (plain.Count > DuplicateRing.Capacity)
                held.Remove(plain.Dequeue());
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1024)]
    [InlineData(5000)]
    [InlineData(DuplicateRing.Capacity)]
    [InlineData(DuplicateRing.Capacity + 5)]
    public void Comes_back_from_its_stored_form(int pushed)
    {
        byte[] stored = new byte[8 * Math.Min(pushed, DuplicateRing.Capacity)];
        for (int i = 0; i < pushed; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(stored.AsSpan(i % DuplicateRing.Capacity * 8), Id((ulong)i));
        var ring = new DuplicateRing();
        ring.Load(stored, pushed);

        int oldest = Math.Max(0, pushed - DuplicateRing.Capacity);
        Assert.True(ring.Contains(Id((ulong)oldest)));
        Assert.True(ring.Contains(Id((ulong)pushed - 1)));
        Assert.False(ring.Contains(Id((ulong)pushed)));
        ring.Push(Id((ulong)pushed));
        Assert.Equal(pushed < DuplicateRing.Capacity, ring.Contains(Id((ulong)oldest)));
    }

    // The same bucket and the same tag.
    private static ulong InTheMiddle(ulong n) => 0xABCD_0000_0000_1234 | n << 24;

    // Crowds the low bits, so that more ids share a bucket than it has places.
    private static ulong Id(ulong n) => n * 0x9E37_79B9_7F4A_7C15 & ~0xFUL | 1;
}
