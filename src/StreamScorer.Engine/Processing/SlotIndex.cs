using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// Customer id to slot: open addressing in 64 shards that grow on their own, so that growing never copies the whole index at once. A place holds slot + 1 and above
/// it four bits of the hash, which spare a search nearly all looks at other customers: with millions of them each is a wait for memory.
/// </summary>
internal sealed class SlotIndex
{
    /// <summary>Slots that it can tell apart: slot numbers are below this.</summary>
    public const int SlotsMax = SlotMask;

    // From the top of a hash: its shard, its tag, and below them its place in the shard.
    private const int ShardBits = 6, TagBits = 4, SlotBits = 32 - TagBits, SlotMask = (1 << SlotBits) - 1;
    private readonly Shard[] shards = [.. Enumerable.Range(0, 1 << ShardBits).Select(_ => new Shard())];

    public int Find(uint hash, ReadOnlySpan<byte> customerId, CustomerTable table)
    {
        int[] places = ShardOf(hash).Places;
        int mask = places.Length - 1;
        uint tag = TagOf(hash);
        for (int at = (int)(hash & mask); places[at] != 0; at = (at + 1) & mask)
        {
            if ((uint)places[at] >> SlotBits != tag)
                continue;
            int slot = SlotAt(places[at]);
            if (table.Slot(slot).Hash == hash && table.IdOf(slot).SequenceEqual(customerId))
                return slot;
        }
        return -1;
    }

    /// <summary>Has the processor fetch the place where a search begins.</summary>
    public unsafe void Fetch(uint hash)
    {
        int[] places = ShardOf(hash).Places;
        // Should the array be moved meanwhile, another line is fetched: that does no harm.
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref places[hash & (places.Length - 1)]));
    }

    /// <summary>The first slot with a hash as far as its tag tells, without a look at the customer; -1 for none.</summary>
    public int FindProbable(uint hash)
    {
        int[] places = ShardOf(hash).Places;
        int mask = places.Length - 1;
        int at = (int)(hash & mask);
        while (places[at] != 0 && (uint)places[at] >> SlotBits != TagOf(hash))
            at = (at + 1) & mask;
        return SlotAt(places[at]);
    }

    /// <summary>The first slot with a hash, of whatever id; -1 for none.</summary>
    public int Find(uint hash, CustomerTable table)
    {
        int[] places = ShardOf(hash).Places;
        int mask = places.Length - 1;
        uint tag = TagOf(hash);
        int at = (int)(hash & mask);
        while (places[at] != 0 && ((uint)places[at] >> SlotBits != tag || table.Slot(SlotAt(places[at])).Hash != hash))
            at = (at + 1) & mask;
        return SlotAt(places[at]);
    }

    /// <summary>Makes room in an empty one, so that it need not grow until it holds so many.</summary>
    public void Reserve(int slots)
    {
        foreach (Shard shard in shards)
        {
            // Hashes fill shards unevenly: one that gets more than its share by this much would grow at the end.
            int share = slots / shards.Length, most = share + share / 32, size = shard.Places.Length;
            while (IsCrowded(most, size))
                size *= 2;
            if (shard.Count == 0 && size > shard.Places.Length)
                shard.Places = new int[size];
        }
    }

    public void Add(int slot, CustomerTable table)
    {
        Shard shard = ShardOf(table.Slot(slot).Hash);
        if (IsCrowded(++shard.Count, shard.Places.Length))
        {
            int[] old = shard.Places;
            shard.Places = new int[old.Length * 2];
            foreach (int place in old)
            {
                if (place != 0)
                    Insert(shard.Places, place, table);
            }
        }
        Insert(shard.Places, (int)(TagOf(table.Slot(slot).Hash) << SlotBits) | (slot + 1), table);
    }

    public void Remove(int slot, CustomerTable table)
    {
        uint hash = table.Slot(slot).Hash;
        Shard shard = ShardOf(hash);
        int[] places = shard.Places;
        int mask = places.Length - 1;
        int at = (int)(hash & mask);
        while (SlotAt(places[at]) != slot)
            at = (at + 1) & mask;
        // Entries behind the gap move up when the gap lies on their way, else a search stops at it and loses them.
        for (int next = (at + 1) & mask; places[next] != 0; next = (next + 1) & mask)
        {
            int home = (int)(table.Slot(SlotAt(places[next])).Hash & mask);
            if (((next - home) & mask) < ((next - at) & mask))
                continue;
            places[at] = places[next];
            at = next;
        }
        places[at] = 0;
        shard.Count--;
    }

    private static void Insert(int[] places, int place, CustomerTable table)
    {
        int mask = places.Length - 1;
        int at = (int)(table.Slot(SlotAt(place)).Hash & mask);
        while (places[at] != 0)
            at = (at + 1) & mask;
        places[at] = place;
    }

    private static bool IsCrowded(int count, int places) => count * 4 > places * 3;

    private static int SlotAt(int place) => (place & SlotMask) - 1;

    private static uint TagOf(uint hash) => hash << ShardBits >> SlotBits;

    private Shard ShardOf(uint hash) => shards[hash >> (32 - ShardBits)];

    private sealed class Shard
    {
        public int[] Places = new int[16];
        public int Count;
    }
}
