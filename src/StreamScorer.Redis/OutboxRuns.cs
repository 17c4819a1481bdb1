using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>
/// The runs that are in a partition's outbox. A trim names those alone whose last entry is trimmed too: where the sequence has leapt, the numbers between may be millions.
/// Not safe for concurrent use.
/// </summary>
internal sealed class OutboxRuns
{
    // Ascending, as every entry's sequence is above those of all before it.
    private readonly Queue<OutboxRun> present = new();
    private OutboxRun? appending;

    /// <summary>How many runs the commit under way trims.</summary>
    public int TrimmingCount { get; private set; }

    /// <summary>The runs that the commit under way trims.</summary>
    public IEnumerable<OutboxRun> Trimming => present.Take(TrimmingCount);

    /// <summary>Takes over what the outbox holds, in any order.</summary>
    public void Reset(IEnumerable<OutboxRun> stored)
    {
        present.Clear();
        foreach (OutboxRun run in stored.OrderBy(run => run.LastSeq))
            present.Enqueue(run);
    }

    /// <summary>Looks at what a commit is going to trim and append.</summary>
    public void Begin(PartitionCommit commit)
    {
        TrimmingCount = 0;
        foreach (OutboxRun run in present)
        {
            if (run.LastSeq > commit.TrimThroughSeq)
                break;
            TrimmingCount++;
        }
        appending = OutboxRun.Of(commit);
    }

    /// <summary>The commit was applied.</summary>
    public void Applied()
    {
        for (; TrimmingCount > 0; TrimmingCount--)
            present.Dequeue();
        if (appending is { } run)
            present.Enqueue(run);
        appending = null;
    }
}
