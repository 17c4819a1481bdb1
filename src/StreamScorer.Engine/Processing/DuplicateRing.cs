using System.Buffers.Binary;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// The partition's last event ids: a ring of 64-bit hashes with a set over it. Stored by the same commit as the events, so that a repeat is recognised after a
/// crash as before it.
/// </summary>
public sealed class DuplicateRing
{
    /// <summary>Event ids kept.</summary>
    public const int Capacity = Commit.PartitionMeta.RecentCapacity;

    private const int TableSize = Capacity * 2, Mask = TableSize - 1;
    private readonly ulong[] ring = new ulong[Capacity];
    private readonly int[] places = new int[TableSize];

    /// <summary>Ids ever pushed; the next goes to this modulo <see cref="Capacity"/>.</summary>
    public long Pushed { get; private set; }

    /// <summary>True when an id is among the last <see cref="Capacity"/>.</summary>
    public bool Contains(ulong eventIdHash) => FindPlace(eventIdHash) >= 0;

    /// <summary>Adds an id that it does not contain and forgets the oldest.</summary>
    public void Push(ulong eventIdHash)
    {
        int position = (int)(Pushed % Capacity);
        if (Pushed >= Capacity)
            RemovePlace(FindPlace(ring[position]));
        Put(position, eventIdHash);
        Pushed++;
    }

    /// <summary>Restores it from its stored form, 8 bytes little-endian per slot.</summary>
    /// <param name="stored">The ring, shorter than full until it has wrapped once.</param>
    /// <param name="pushed">Ids ever pushed when it was stored.</param>
    public void Load(ReadOnlySpan<byte> stored, long pushed)
    {
        Array.Clear(places);
        Pushed = pushed;
        int count = (int)Math.Min(Math.Min(pushed, Capacity), stored.Length / 8);
        for (int position = 0; position < count; position++)
            Put(position, BinaryPrimitives.ReadUInt64LittleEndian(stored[(position * 8)..]));
    }

    private void Put(int position, ulong eventIdHash)
    {
        ring[position] = eventIdHash;
        int at = (int)(eventIdHash & Mask);
        while (places[at] != 0)
            at = (at + 1) & Mask;
        places[at] = position + 1;
    }

    private int FindPlace(ulong eventIdHash)
    {
        for (int at = (int)(eventIdHash & Mask); places[at] != 0; at = (at + 1) & Mask)
        {
            if (ring[places[at] - 1] == eventIdHash)
                return at;
        }
        return -1;
    }

    private void RemovePlace(int at)
    {
        if (at < 0)
            return;
        for (int next = (at + 1) & Mask; places[next] != 0; next = (next + 1) & Mask)
        {
            int home = (int)(ring[places[next] - 1] & Mask);
            if (((next - home) & Mask) < ((next - at) & Mask))
                continue;
            places[at] = places[next];
            at = next;
        }
        places[at] = 0;
    }
}
