namespace StreamScorer.Worker.Web.Streams;

/// <summary><c>GET /v1/streams/transitions</c>: every wanted transition, in order per customer.</summary>
/// <param name="recent">Sent first.</param>
internal sealed class TransitionStream(TransitionFeed feed, TransitionFilter filter, long[]? from, IReadOnlyList<FeedItem> recent)
    : EventStream(feed, filter, from)
{
    /// <inheritdoc/>
    protected override async Task WriteAsync(FeedReader reader, EventWriter events, CancellationToken cancellation)
    {
        // Without an id: a client cut here starts anew, else it would take the newest for all it has missed.
        foreach (FeedItem item in recent)
            Write(events, item, null);
        await events.FlushAsync(cancellation);
        while (await reader.ReadAsync(cancellation) is { } items)
        {
            foreach (FeedItem item in items)
                Write(events, item, reader.Passed(item));
            // At the moment of joining: the client's first cursor, from where it can resume.
            if (items.Count == 0)
                events.Heartbeat(reader.CursorText);
            if (!await events.FlushAsync(cancellation))
                return;
        }
    }

    private static void Write(EventWriter events, FeedItem item, string? id)
    {
        if (item.Kind == FeedItemKind.Heartbeat)
            events.Heartbeat(id!);
        else if (item.Kind == FeedItemKind.Erasure)
            events.Event("erased", id, item.Data.Span);
        else
            events.Event("transition", id, item.Json.Span);
    }
}
