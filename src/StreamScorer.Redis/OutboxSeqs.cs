using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>
/// The sequences of the entries that are in a partition's outbox. A trim names these alone: where the sequence has leapt, the numbers between may be millions.
/// Not safe for concurrent use.
/// </summary>
internal sealed class OutboxSeqs
{
    // Ascending, as every entry's sequence is above those of all before it.
    private readonly Queue<long> present = new();
    private readonly List<long> appending = [];

    /// <summary>How many entries the commit under way trims.</summary>
    public int TrimmingCount { get; private set; }

    /// <summary>The sequences that the commit under way trims.</summary>
    public IEnumerable<long> Trimming => present.Take(TrimmingCount);

    /// <summary>Takes over what the outbox holds, in any order.</summary>
    public void Reset(IEnumerable<long> stored)
    {
        present.Clear();
        foreach (long seq in stored.Order())
            present.Enqueue(seq);
    }

    /// <summary>Looks at what a commit is going to trim and append.</summary>
    public void Begin(PartitionCommit commit)
    {
        TrimmingCount = 0;
        foreach (long seq in present)
        {
            if (seq > commit.TrimThroughSeq)
                break;
            TrimmingCount++;
        }
        appending.Clear();
        for (int i = 0; i < commit.Outbox.Count; i++)
            appending.Add(commit.Outbox[i].Seq);
    }

    /// <summary>The commit was applied.</summary>
    public void Applied()
    {
        for (; TrimmingCount > 0; TrimmingCount--)
            present.Dequeue();
        foreach (long seq in appending)
            present.Enqueue(seq);
        appending.Clear();
    }
}
