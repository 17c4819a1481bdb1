using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Simulation.Oracle;

/// <summary>
/// Every write that the store accepted and has not forgotten, and what must hold of each: O4, O5 and O7 of the fault list.
/// </summary>
internal sealed class Lineage(Findings findings)
{
    private readonly List<Write> writes = [];
    private readonly HashSet<int> started = [];
    private int firstSafeWrite = -1;

    /// <summary>Writes of a partition, oldest first.</summary>
    public IEnumerable<Write> Of(int partition) => writes.Where(w => w.Partition == partition && w.ToOffset >= 0);

    /// <summary>Number of the first write from which every partition has an offset; -1 before.</summary>
    public int FirstSafeWrite(int partitions) => started.Count == partitions ? firstSafeWrite : -1;

    public void Claimed(int partition, PartitionMeta meta) => writes.Add(new Write(partition, -1, -1, meta.Counters, [], []));

    public void Committed(int partition, PartitionMeta before, PartitionCommit commit, PartitionMeta after)
    {
        findings.Require(commit.Expected == before.Fence, "O7 lineage", $"partition {partition}: a write was accepted that expected {commit.Expected} while {before.Fence} was stored");
        findings.Require(after.Fence == before.Fence.Next, "O4 sequence", $"partition {partition}: fence {before.Fence} became {after.Fence}");
        findings.Require(after.Offset >= before.Offset, "O4 sequence", $"partition {partition}: offset {before.Offset} became {after.Offset}");
        PartitionCounters c = after.Counters;
        findings.Require(
            c.Consumed == c.Applied + c.Duplicate + c.DeadLettered + c.Erased && c.Late <= c.Applied && c.LateInexact <= c.Late,
            "O5 conservation", $"partition {partition}: {c}");
        writes.Add(new Write(partition, Math.Max(0, before.Offset), after.Offset, c, [.. commit.RecentIds], [.. commit.Outbox]));
        if (after.Offset >= 0 && started.Add(partition))
            firstSafeWrite = writes.Count;
    }

    public void RolledBackTo(int count) => writes.RemoveRange(count, writes.Count - count);

    /// <summary>The store holds nothing any more.</summary>
    public void Flushed() => writes.Clear();

    /// <summary>One accepted write.</summary>
    /// <param name="FromOffset">First record that it consumed; -1 for a claim.</param>
    /// <param name="ToOffset">Offset behind the last one; -1 for a claim.</param>
    /// <param name="RecentIds">Hashes of the events that it applied, in order.</param>
    /// <param name="Outbox">Entries that it appended.</param>
    public sealed record Write(int Partition, long FromOffset, long ToOffset, PartitionCounters Counters, ulong[] RecentIds, OutboxEntry[] Outbox);
}
