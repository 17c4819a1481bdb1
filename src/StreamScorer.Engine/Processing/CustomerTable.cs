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
    // The hot record and what is kept of a slot in memory only, side by side: one look into the page table finds both.
    private readonly RecordMemory records = new(CustomerState.SizeBytes + Unsafe.SizeOf<CustomerSlot>());
    private readonly IdArena longIds = new();
    private readonly SlotIndex index = new();
    private readonly ColdTable cold = new();
    private ColdState unpacked;
    private int unpackedAt;
    private readonly Stack<int> free = new();

    /// <summary>Customers held.</summary>
    public int Count => Slots - free.Count;

    /// <summary>Slots ever used: slot numbers are below this.</summary>
    public int Slots { get; private set; }

    /// <summary>Customers with a cold record.</summary>
    public int ColdCount => cold.Count;

    /// <summary>The hot record in a slot.</summary>
    public ref CustomerState State(int slot) => ref Unsafe.As<byte, CustomerState>(ref records[slot]);

    /// <summary>What is kept of a slot in memory only.</summary>
    public ref CustomerSlot Slot(int slot) => ref Unsafe.As<byte, CustomerSlot>(ref Unsafe.Add(ref records[slot], CustomerState.SizeBytes));

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

    /// <summary>Finds a customer, first in the slot where it probably is; -1 when unknown.</summary>
    /// <param name="customerId">Its id.</param>
    /// <param name="probableSlot">A slot, or -1.</param>
    public int Find(ReadOnlySpan<byte> customerId, int probableSlot) =>
        probableSlot >= 0 && IdOf(probableSlot).SequenceEqual(customerId) ? probableSlot : Find(customerId);

    /// <summary>First step of reading ahead: has the processor fetch what finding a customer reads.</summary>
    internal void FetchPlace(uint hash) => index.Fetch(hash);

    /// <summary>Second step: finds the slot that is probably the customer's, and has its records fetched; -1 for none.</summary>
    internal int FetchProbable(uint hash) => Fetched(index.FindProbable(hash));

    /// <summary>Third step: makes sure of the slot by its hash, and has the cold record fetched; -1 for none.</summary>
    internal int FetchConfirmed(uint hash, int probableSlot)
    {
        if (probableSlot < 0)
            return probableSlot;
        int slot = Slot(probableSlot).Hash == hash ? probableSlot : Fetched(index.Find(hash, this));
        if (slot >= 0 && Slot(slot).ColdAt is not 0 and int coldAt)
            cold.Fetch(coldAt);
        return slot;
    }

    /// <summary>Makes room for so many customers in all. Not necessary: the table grows with them, but in smaller pieces.</summary>
    public void Reserve(int customers)
    {
        records.Reserve(customers);
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
        return cold.Put(ref at, in state) ? ColdChange.Put : ColdChange.None;
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

    private int Fetched(int slot)
    {
        if (slot < 0)
            return slot;
        records.Fetch(slot);
        return slot;
    }

    private int NewSlot()
    {
        if (Slots == SlotIndex.SlotsMax)
            throw new InvalidOperationException($"a partition holds at most {SlotIndex.SlotsMax} customers; use more partitions");
        if (Slots == records.Capacity)
            records.Grow();
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
