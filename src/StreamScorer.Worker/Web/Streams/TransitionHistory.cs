namespace StreamScorer.Worker.Web.Streams;

/// <summary>Reads transitions that are published already, straight out of the output.</summary>
public sealed class TransitionHistory(TransitionFeed feed)
{
    // A page that matches little must not read the whole output: it ends early, and the next one goes on.
    private const int ScannedMax = 50_000;

    /// <summary>The wanted ones behind a cursor, in order per customer.</summary>
    /// <param name="limit">Most of them.</param>
    public async Task<TransitionPage> AfterAsync(TransitionFilter filter, long[] from, int limit, CancellationToken cancellation)
    {
        long[] positions = [.. from];
        var items = new List<FeedItem>();
        int scanned = 0;
        for (int partition = 0; partition < positions.Length; partition++)
        {
            await foreach (FeedItem item in feed.ReadOutputAsync(partition, positions[partition], cancellation))
            {
                if (items.Count == limit || scanned == ScannedMax)
                    return new TransitionPage(items, Cursor.Format(positions), More: true);
                scanned++;
                positions[partition] = item.Position + 1;
                if (filter.Matches(item))
                    items.Add(item);
            }
        }
        return new TransitionPage(items, Cursor.Format(positions), More: false);
    }

    /// <summary>The newest wanted ones, oldest first by effective time; the cursor is the end of the output.</summary>
    /// <param name="limit">Most of them.</param>
    public async Task<TransitionPage> NewestAsync(TransitionFilter filter, int limit, CancellationToken cancellation)
    {
        long[] end = await feed.EndAsync(cancellation);
        IEnumerable<FeedItem>[] found = await Task.WhenAll(
            end.Select((position, partition) => NewestAsync(filter, partition, position, limit, ScannedMax / end.Length, cancellation)));
        FeedItem[] items = [.. found.SelectMany(part => part).OrderBy(item => item.Time, StringComparer.Ordinal).TakeLast(limit)];
        return new TransitionPage(items, Cursor.Format(end), More: false);
    }

    /// <summary>Reads back in growing strides until enough match.</summary>
    private async Task<IEnumerable<FeedItem>> NewestAsync(
        TransitionFilter filter, int partition, long end, int limit, int scannedMax, CancellationToken cancellation)
    {
        var found = new List<FeedItem>();
        for (long stride = 2 * limit; end > 0 && found.Count < limit && scannedMax > 0; stride *= 4)
        {
            long from = Math.Max(0, end - Math.Min(stride, scannedMax));
            var part = new List<FeedItem>();
            await foreach (FeedItem item in feed.ReadOutputAsync(partition, from, cancellation))
            {
                if (item.Position >= end)
                    break;
                if (filter.Matches(item))
                    part.Add(item);
            }
            found.InsertRange(0, part);
            scannedMax -= (int)(end - from);
            end = from;
        }
        return found.TakeLast(limit);
    }
}

/// <summary>A page of transitions.</summary>
/// <param name="Items">Oldest first.</param>
/// <param name="Next">Cursor behind them.</param>
/// <param name="More">Whether the next page has something to look through already.</param>
public sealed record TransitionPage(IReadOnlyList<FeedItem> Items, string Next, bool More);
