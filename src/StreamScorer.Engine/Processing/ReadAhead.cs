using StreamScorer.Engine.Source;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// Finds the customers of the next records while the records before them are folded, and has the processor fetch what the fold is going to read of them. In a large
/// table nearly each of these reads waits for memory; asked for so early, it has arrived when the fold comes to it. Changes nothing.
/// </summary>
public sealed class ReadAhead(CustomerTable table)
{
    // How many records before its own each step is done: it reads what the step before it has asked for, some microseconds earlier.
    private const int HashedAhead = 6, FoundAhead = 4, ConfirmedAhead = 2, Mask = 7;
    private readonly uint[] hashes = new uint[Mask + 1];
    private readonly int[] slots = new int[Mask + 1];
    private int hashed, found, confirmed;

    /// <summary>Begins at a record of a batch.</summary>
    public void Begin(int from) => (hashed, found, confirmed) = (from, from, from);

    /// <summary>Slot of the customer of a record, by the hash of its key only; -1 when there was none. Records must come in order.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="record">Index in it.</param>
    /// <param name="end">Index behind the last one to look at.</param>
    public int SlotOf(RecordBatch batch, int record, int end)
    {
        // The key is the customer's id.
        for (; hashed < Math.Min(record + HashedAhead, end); hashed++)
            table.FetchPlace(hashes[hashed & Mask] = CustomerTable.HashOf(batch.KeyAt(hashed)));
        for (; found < Math.Min(record + FoundAhead, end); found++)
            slots[found & Mask] = table.FetchProbable(hashes[found & Mask]);
        for (; confirmed < Math.Min(record + ConfirmedAhead, end); confirmed++)
            slots[confirmed & Mask] = table.FetchConfirmed(hashes[confirmed & Mask], slots[confirmed & Mask]);
        return slots[record & Mask];
    }
}
