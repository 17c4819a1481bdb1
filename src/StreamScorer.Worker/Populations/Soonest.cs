namespace StreamScorer.Worker.Populations;

/// <summary>Keeps the items with the soonest instants of all that were added.</summary>
/// <param name="max">Most items kept.</param>
internal sealed class Soonest<T>(int max)
{
    private static readonly IComparer<long> latestFirst = Comparer<long>.Create((a, b) => b.CompareTo(a));
    private readonly PriorityQueue<T, long> kept = new(latestFirst);

    /// <summary>The kept items in any order.</summary>
    public IEnumerable<T> Items => kept.UnorderedItems.Select(entry => entry.Element);

    /// <summary>The latest instant kept when something had to be left out, which is no sooner; else null.</summary>
    public long? LimitMs { get; private set; }

    /// <summary>Adds an item.</summary>
    public void Add(T item, long atMs)
    {
        if (kept.Count < max)
        {
            kept.Enqueue(item, atMs);
            return;
        }
        kept.EnqueueDequeue(item, atMs);
        kept.TryPeek(out _, out long latestMs);
        LimitMs = latestMs;
    }
}
