using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Worker.Web.Streams;

/// <summary>
/// One reader's place in the transitions output. It first reads what lies behind its cursor out of the output itself, as slowly as it likes, and then joins
/// the feed at exactly that place: no item is missed and none comes twice. Read by one caller at a time.
/// </summary>
public sealed class FeedReader : IAsyncDisposable
{
    /// <summary>A live reader that is this many items behind is let go; it comes back with its cursor.</summary>
    public const int BehindMax = 10_000;

    private const int ChunkMax = 500;
    private readonly TransitionFeed feed;
    private readonly bool startsNow;
    private readonly Channel<FeedItem> queue = Channel.CreateBounded<FeedItem>(new BoundedChannelOptions(BehindMax) { SingleReader = true });
    private long[] positions;
    private long[] joined;
    private IAsyncEnumerator<IReadOnlyList<FeedItem>>? earlier;

    internal FeedReader(TransitionFeed feed, TransitionFilter filter, long[]? from)
    {
        (this.feed, Filter, startsNow) = (feed, filter, from is null);
        positions = joined = from ?? new long[feed.PartitionCount];
    }

    /// <summary>What is wanted.</summary>
    public TransitionFilter Filter { get; }

    /// <summary>True when everything behind the cursor has been read and items come as they are published.</summary>
    public bool IsLive { get; private set; }

    /// <summary>The same as <see cref="CursorText"/>, per partition.</summary>
    public IReadOnlyList<long> Positions => positions;

    /// <summary>Where a later reader goes on without a gap and without a repeat.</summary>
    public string CursorText => Cursor.Format(positions);

    /// <summary>
    /// The next items, at least one; none only at the moment of joining. Null when this reader did not keep up and was let go. Each has to be
    /// <see cref="Passed"/> before the next call.
    /// </summary>
    /// <exception cref="TransitionSinkException">The output cannot be read.</exception>
    public async ValueTask<IReadOnlyList<FeedItem>?> ReadAsync(CancellationToken cancellation)
    {
        if (!IsLive)
        {
            earlier ??= EarlierAsync(cancellation).GetAsyncEnumerator(cancellation);
            if (await earlier.MoveNextAsync())
                return earlier.Current;
            IsLive = true;
            return Take();
        }
        return await queue.Reader.WaitToReadAsync(cancellation) ? Take() : null;
    }

    /// <summary>Counts an item as seen and returns the cursor behind it.</summary>
    public string Passed(FeedItem item)
    {
        if (item.Kind != FeedItemKind.Heartbeat)
            positions[item.Partition] = item.Position + 1;
        for (int partition = 0; partition < item.Positions.Count; partition++)
            positions[partition] = Math.Max(positions[partition], item.Positions[partition]);
        return CursorText;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        feed.Leave(this);
        if (earlier is not null)
            await earlier.DisposeAsync();
    }

    /// <summary>Called by the feed when it joins this reader: records below are seen.</summary>
    internal void Join(ReadOnlySpan<long> from) => (positions, joined) = ([.. from], [.. from]);

    /// <summary>Called by the feed, one call at a time.</summary>
    internal void Offer(FeedItem item)
    {
        bool isWanted = item.Kind == FeedItemKind.Heartbeat || (item.Position >= joined[item.Partition] && Filter.Matches(item));
        if (isWanted && !queue.Writer.TryWrite(item))
            queue.Writer.TryComplete();
    }

    private List<FeedItem> Take()
    {
        var items = new List<FeedItem>();
        while (items.Count < ChunkMax && queue.Reader.TryRead(out FeedItem? item))
            items.Add(item);
        return items;
    }

    private async IAsyncEnumerable<IReadOnlyList<FeedItem>> EarlierAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await feed.EnterAsync(this, cancellation);
        while (!feed.TryJoin(this, startsNow ? null : positions, out long[] ends))
        {
            for (int partition = 0; partition < positions.Length; partition++)
            {
                var chunk = new List<FeedItem>();
                await foreach (FeedItem item in feed.ReadOutputAsync(partition, positions[partition], cancellation))
                {
                    if (Filter.Matches(item))
                        chunk.Add(item);
                    if (chunk.Count < ChunkMax)
                        continue;
                    yield return chunk;
                    chunk = [];
                }
                if (chunk.Count > 0)
                    yield return chunk;
                positions[partition] = Math.Max(positions[partition], ends[partition]);
            }
        }
    }
}
