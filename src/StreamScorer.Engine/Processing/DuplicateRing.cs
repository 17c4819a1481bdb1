using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// The partition's last event ids: a ring of 64-bit hashes with a set over it. Stored by the same commit as the events, so that a repeat is recognised after a
/// crash as before it.
/// </summary>
/// <remarks>
/// The set is a table of buckets of one cache line, newest id first. A place of a bucket holds the low bits of the number of ids pushed before and above them bits
/// of the id's hash. Nothing is ever taken out: a place whose id was forgotten leads to another id in the ring, and in the end falls out of its bucket. A bucket
/// has four times the room that it needs on average; an id that falls out of it all the same before it is forgotten goes to a set of its own.
/// </remarks>
public sealed class DuplicateRing
{
    /// <summary>Event ids kept.</summary>
    public const int Capacity = Commit.PartitionMeta.RecentCapacity;

    private const int SizeMin = 1024, BucketPlaces = 16, BucketIds = 4, BucketBytes = BucketPlaces * sizeof(uint), ChunkBits = 8;
    private const uint NumberMask = (1 << 22) - 1, PositionMask = Capacity - 1;

    // Both grow with what is pushed until they reach the capacity: most partitions of a small system never do.
    private ulong[] ring = new ulong[SizeMin];
    private RecordMemory buckets = EmptyBuckets(SizeMin);
    private readonly HashSet<ulong> crowdedOut = [];

    /// <summary>Ids ever pushed; the next goes to this modulo <see cref="Capacity"/>.</summary>
    public long Pushed { get; private set; }

    /// <summary>True when an id is among the last <see cref="Capacity"/>.</summary>
    public bool Contains(ulong eventIdHash)
    {
        ReadOnlySpan<uint> bucket = BucketOf(eventIdHash);
        Vector512<uint> tags = Vector512.Create(bucket) & Vector512.Create(~NumberMask);
        for (ulong alike = Vector512.Equals(tags, Vector512.Create(TagOf(eventIdHash))).ExtractMostSignificantBits(); alike != 0; alike &= alike - 1)
        {
            if (ring[bucket[BitOperations.TrailingZeroCount(alike)] & PositionMask] == eventIdHash)
                return true;
        }
        return crowdedOut.Count > 0 && crowdedOut.Contains(eventIdHash);
    }

    /// <summary>Has the processor fetch what <see cref="Contains"/> is going to read of an id.</summary>
    public void Fetch(ulong eventIdHash) => buckets.Fetch(IndexOf(eventIdHash));

    /// <summary>Adds an id that it does not contain and forgets the oldest.</summary>
    public void Push(ulong eventIdHash)
    {
        int position = (int)(Pushed % Capacity);
        if (position == ring.Length)
            Grow(position * 2);
        if (Pushed >= Capacity && crowdedOut.Count > 0)
            crowdedOut.Remove(ring[position]);
        ring[position] = eventIdHash;
        Put(eventIdHash, Pushed);
        Pushed++;
    }

    /// <summary>Restores it from its stored form, 8 bytes little-endian per slot.</summary>
    /// <param name="stored">The ring, shorter than full until it has wrapped once.</param>
    /// <param name="pushed">Ids ever pushed when it was stored.</param>
    public void Load(ReadOnlySpan<byte> stored, long pushed)
    {
        Pushed = pushed;
        int size = SizeMin;
        while (size < Math.Min(pushed, Capacity))
            size *= 2;
        Clear(size);
        long oldest = Math.Max(0, pushed - Capacity);
        for (long number = oldest; number < pushed; number++)
        {
            int position = (int)(number % Capacity);
            // A ring that is stored cut off has nothing at its missing positions.
            if ((position + 1) * sizeof(ulong) > stored.Length)
                continue;
            ring[position] = BinaryPrimitives.ReadUInt64LittleEndian(stored[(position * sizeof(ulong))..]);
            Put(ring[position], number);
        }
    }

    // A ring of the same size is loaded again where it is: after a failed commit a partition begins anew, perhaps several times.
    private void Clear(int size)
    {
        crowdedOut.Clear();
        if (size == ring.Length)
        {
            Array.Clear(ring);
            Empty(buckets, size);
            return;
        }
        ring = new ulong[size];
        buckets = EmptyBuckets(size);
    }

    private static RecordMemory EmptyBuckets(int size)
    {
        var made = new RecordMemory(BucketBytes, ChunkBits);
        made.Reserve(size / BucketIds);
        Empty(made, size);
        return made;
    }

    private static void Empty(RecordMemory buckets, int size)
    {
        for (int bucket = 0; bucket < size / BucketIds; bucket++)
            PlacesOf(buckets, bucket).Clear();
    }

    private void Grow(int size)
    {
        ulong[] held = ring;
        Clear(size);
        held.CopyTo(ring, 0);
        for (int position = 0; position < held.Length; position++)
            Put(held[position], position);
    }

    private void Put(ulong eventIdHash, long number)
    {
        Span<uint> bucket = BucketOf(eventIdHash);
        uint last = bucket[^1];
        if (last != 0 && ((uint)number - last & NumberMask) < Capacity)
            crowdedOut.Add(ring[last & PositionMask]);
        bucket[..^1].CopyTo(bucket[1..]);
        bucket[0] = TagOf(eventIdHash) | ((uint)number & NumberMask);
    }

    private Span<uint> BucketOf(ulong eventIdHash) => PlacesOf(buckets, IndexOf(eventIdHash));

    private int IndexOf(ulong eventIdHash) => (int)eventIdHash & (ring.Length / BucketIds - 1);

    private static Span<uint> PlacesOf(RecordMemory buckets, int bucket) => MemoryMarshal.CreateSpan(ref Unsafe.As<byte, uint>(ref buckets[bucket]), BucketPlaces);

    // The bucket follows from the low bits of a hash. Never 0, as an empty place is.
    private static uint TagOf(ulong eventIdHash) => ((uint)(eventIdHash >> 32) & ~NumberMask) | (NumberMask + 1);
}
