using System.Buffers.Binary;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// The partition's last event ids: a ring of 64-bit hashes with a set over it. Stored by the same commit as the events, so that a repeat is recognised after a
/// crash as before it.
/// </summary>
/// <remarks>
/// A place of the set holds a position in the ring + 1 and above it bits of the id's hash, which spare a search nearly all looks into the ring: both are too large
/// for the processor's nearest cache, and an id that is not there is looked for with every event.
/// </remarks>
public sealed class DuplicateRing
{
    /// <summary>Event ids kept.</summary>
    public const int Capacity = Commit.PartitionMeta.RecentCapacity;

    private const int SizeMin = 1024, PositionBits = 18, PositionMask = (1 << PositionBits) - 1;

    // Both grow with what is pushed until they reach the capacity: most partitions of a small system never do.
    private ulong[] ring = new ulong[SizeMin];
    private int[] places = new int[SizeMin * 2];
    private int touched;

    /// <summary>Ids ever pushed; the next goes to this modulo <see cref="Capacity"/>.</summary>
    public long Pushed { get; private set; }

    /// <summary>True when an id is among the last <see cref="Capacity"/>.</summary>
    public bool Contains(ulong eventIdHash) => FindPlace(eventIdHash) >= 0;

    /// <summary>Adds an id that it does not contain and forgets the oldest.</summary>
    public void Push(ulong eventIdHash)
    {
        int position = (int)(Pushed % Capacity);
        if (Pushed >= Capacity)
            RemovePlace(PlaceOf(position));
        else if (position == ring.Length)
            Grow(position * 2);
        Put(position, eventIdHash);
        Pushed++;
    }

    /// <summary>
    /// Reads what the next pushes are going to read to forget the oldest ids: each is a wait for memory, and read here for several, the waits overlap. Changes
    /// nothing.
    /// </summary>
    /// <param name="count">Number of pushes.</param>
    public void Touch(int count)
    {
        if (Pushed < Capacity)
            return;
        int mask = places.Length - 1, sum = 0;
        for (int i = 0; i < count; i++)
        {
            int home = (int)(ring[(Pushed + i) % Capacity] & (ulong)mask), follower = places[(home + 1) & mask];
            sum += places[home] + (int)ring[Math.Max(0, PositionAt(follower))];
        }
        // Kept, else the compiler may leave the reads out.
        touched = sum;
    }

    /// <summary>Restores it from its stored form, 8 bytes little-endian per slot.</summary>
    /// <param name="stored">The ring, shorter than full until it has wrapped once.</param>
    /// <param name="pushed">Ids ever pushed when it was stored.</param>
    public void Load(ReadOnlySpan<byte> stored, long pushed)
    {
        Pushed = pushed;
        int count = (int)Math.Min(Math.Min(pushed, Capacity), stored.Length / 8);
        int size = SizeMin;
        while (size < Math.Min(pushed, Capacity))
            size *= 2;
        if (ring.Length == size)
            Array.Clear(places);
        else
            (ring, places) = (new ulong[size], new int[size * 2]);
        for (int position = 0; position < count; position++)
            Put(position, BinaryPrimitives.ReadUInt64LittleEndian(stored[(position * 8)..]));
    }

    private void Grow(int size)
    {
        Array.Resize(ref ring, size);
        places = new int[size * 2];
        for (int position = 0; position < (int)Pushed; position++)
            Put(position, ring[position]);
    }

    private void Put(int position, ulong eventIdHash)
    {
        int mask = places.Length - 1;
        ring[position] = eventIdHash;
        int at = (int)(eventIdHash & (ulong)mask);
        while (places[at] != 0)
            at = (at + 1) & mask;
        places[at] = TagOf(eventIdHash) | (position + 1);
    }

    private int FindPlace(ulong eventIdHash)
    {
        int mask = places.Length - 1;
        int tag = TagOf(eventIdHash);
        for (int at = (int)(eventIdHash & (ulong)mask); places[at] != 0; at = (at + 1) & mask)
        {
            if ((places[at] & ~PositionMask) == tag && ring[PositionAt(places[at])] == eventIdHash)
                return at;
        }
        return -1;
    }

    private int PlaceOf(int position)
    {
        int mask = places.Length - 1;
        int at = (int)(ring[position] & (ulong)mask);
        while (places[at] != 0 && PositionAt(places[at]) != position)
            at = (at + 1) & mask;
        // A ring that was loaded cut off has nothing at its missing positions.
        return places[at] == 0 ? -1 : at;
    }

    private void RemovePlace(int at)
    {
        if (at < 0)
            return;
        int mask = places.Length - 1;
        for (int next = (at + 1) & mask; places[next] != 0; next = (next + 1) & mask)
        {
            int home = (int)(ring[PositionAt(places[next])] & (ulong)mask);
            if (((next - home) & mask) < ((next - at) & mask))
                continue;
            places[at] = places[next];
            at = next;
        }
        places[at] = 0;
    }

    // The place in the set follows from the low bits of a hash.
    private static int TagOf(ulong eventIdHash) => (int)(eventIdHash >> 32) & ~PositionMask;

    private static int PositionAt(int place) => (place & PositionMask) - 1;
}
