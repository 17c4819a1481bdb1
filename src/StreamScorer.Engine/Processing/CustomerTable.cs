using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.State;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// All customers of a partition in memory: fixed-size records without references, so that ten million customers cost the garbage collector nothing and growing
/// copies nothing. A customer is a slot number; slots of removed customers are used again. Not safe for concurrent use.
/// </summary>
public sealed class CustomerTable
{
    private readonly RecordMemory states = new(CustomerState.SizeBytes), slots = new(Unsafe.SizeOf<CustomerSlot>());
    private readonly IdArena longIds = new();
    private readonly SlotIndex index = new();
    private readonly ColdTable cold = new();
    private ColdState unpacked;
    private int unpackedAt;
    private readonly Stack<int> free = new();
    private int touched;

    /// <summary>Most customers that <see cref="Touch"/> takes at once: about as many reads as a processor keeps under way.</summary>
    public const int TouchMax = 16;

    /// <summary>Customers held.</summary>
    public int Count => Slots - free.Count;

    /// <summary>Slots ever used: slot numbers are below this.</summary>
    public int Slots { get; private set; }

    /// <summary>Customers with a cold record.</summary>
    public int ColdCount => cold.Count;

    /// <summary>The hot record in a slot.</summary>
    public ref CustomerState State(int slot) => ref Unsafe.As<byte, CustomerState>(ref states[slot]);

    /// <summary>What is kept of a slot in memory only.</summary>
    public ref CustomerSlot Slot(int slot) => ref Unsafe.As<byte, CustomerSlot>(ref slots[slot]);

    /// <summary>The cold record in a slot; all zero when there is none. Valid until the next call.</summary>
    public ref readonly ColdState Cold(int slot)
    {
        int at = Slot(slot).ColdAt;
        if (at == 0)
            return ref ColdState.None;
        if (unpackedAt != at)
            cold.Read(at, out unpacked);
        unpackedAt = at;
        return ref unpacked;
    }

    /// <summary>The customer id in a slot; empty for a free slot.</summary>
    public ReadOnlySpan<byte> IdOf(int slot)
    {
        ref CustomerSlot entry = ref Slot(slot);
        return entry.IdLength <= ShortId.Capacity ? ((ReadOnlySpan<byte>)entry.Id)[..entry.IdLength] : longIds[entry.LongIdAt, entry.IdLength];
    }

    /// <summary>Hash that an id is looked up by.</summary>
    public static uint HashOf(ReadOnlySpan<byte> customerId) => (uint)StableHash.Of(customerId);

    /// <summary>Finds a customer; -1 when unknown.</summary>
    public int Find(ReadOnlySpan<byte> customerId) => index.Find(HashOf(customerId), customerId, this);

    /// <summary>
    /// Reads what the fold of some customers is going to read first. In a large table nearly each of these reads waits for memory; done for several customers, the
    /// waits overlap, because no read of one hangs on those of another. Changes nothing.
    /// </summary>
    /// <param name="idHashes"><see cref="HashOf"/> of their ids, at most <see cref="TouchMax"/>; unknown ones do no harm.</param>
    public void Touch(ReadOnlySpan<uint> idHashes)
    {
        Span<int> found = stackalloc int[TouchMax];
        int sum = 0;
        foreach (uint hash in idHashes)
            sum += index.First(hash);
        for (int i = 0; i < idHashes.Length; i++)
            found[i] = index.Find(idHashes[i], this);
        for (int i = 0; i < idHashes.Length; i++)
        {
            if (found[i] < 0)
                continue;
            ref readonly CustomerSlot slot = ref Slot(found[i]);
            ref readonly CustomerState state = ref State(found[i]);
            // One field in each of the record's four lines.
            sum += slot.WheelPlace + state.Layout + (int)state.FirstDayRevenue + (int)state.Categories + state.HeldTiers[0];
            sum += slot.ColdAt == 0 ? 0 : cold.Touch(slot.ColdAt);
        }
        // Kept, else the compiler may leave the reads out.
        touched = sum;
    }

    /// <summary>Makes room for so many customers in all. Not necessary: the table grows with them, but in smaller pieces.</summary>
    public void Reserve(int customers)
    {
        states.Reserve(customers);
        slots.Reserve(customers);
        index.Reserve(customers);
    }

    /// <summary>Finds a customer, or adds it with an empty record.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> customerId)
    {
        uint hash = HashOf(customerId);
        int slot = index.Find(hash, customerId, this);
        if (slot >= 0)
            return slot;
        slot = free.TryPop(out int used) ? used : NewSlot();
        ref CustomerSlot entry = ref Slot(slot);
        entry = new CustomerSlot { IdLength = (ushort)customerId.Length, Hash = hash, Buckets = PopulationBuckets.None };
        if (customerId.Length <= ShortId.Capacity)
            customerId.CopyTo(entry.Id);
        else
            entry.LongIdAt = longIds.Add(customerId);
        State(slot) = default;
        index.Add(slot, this);
        return slot;
    }

    /// <summary>Stores a cold record, or drops an empty one.</summary>
    /// <returns>What happened, so that the store can follow.</returns>
    public ColdChange SetCold(int slot, in ColdState state)
    {
        ref int at = ref Slot(slot).ColdAt;
        // Most events leave a cold record as it is: comparing it with the one just read is cheaper than packing it to see that.
        if (at != 0 && at == unpackedAt && ColdState.AreSame(in state, in unpacked))
            return ColdChange.None;
        unpackedAt = 0;
        if (state.IsEmpty)
        {
            if (at == 0)
                return ColdChange.None;
            cold.Remove(at);
            at = 0;
            return ColdChange.Removed;
        }
        ColdState stored = state;
        stored.Layout = ColdState.CurrentLayout;
        return cold.Put(ref at, in stored) ? ColdChange.Put : ColdChange.None;
    }

    /// <summary>Removes a customer; its slot may be used again.</summary>
    public void Remove(int slot)
    {
        index.Remove(slot, this);
        SetCold(slot, in ColdState.None);
        State(slot) = default;
        Slot(slot) = new CustomerSlot { Buckets = PopulationBuckets.None };
        free.Push(slot);
    }

    private int NewSlot()
    {
        if (Slots == SlotIndex.SlotsMax)
            throw new InvalidOperationException($"a partition holds at most {SlotIndex.SlotsMax} customers; use more partitions");
        if (Slots == states.Capacity)
            states.Grow();
        if (Slots == slots.Capacity)
            slots.Grow();
        return Slots++;
    }
}

/// <summary>What became of a customer's cold record.</summary>
public enum ColdChange : byte
{
    /// <summary>As before.</summary>
    None,

    /// <summary>New or changed.</summary>
    Put,

    /// <summary>There was one and is none any more.</summary>
    Removed,
}
