using System.Buffers;
using System.Text.Json;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Web.Streams;

/// <summary>
/// <c>GET /v1/streams/badges</c>: the asked customers scored now, and each again after its transitions. A badge is read after the transition that asks for it,
/// and a transition is published after its state is stored, so that a badge is never older than what caused it.
/// </summary>
internal sealed class BadgeStream(TransitionFeed feed, CustomerLookup customers, TransitionFilter filter, long[]? from) : EventStream(feed, filter, from)
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    /// <inheritdoc/>
    protected override async Task WriteAsync(FeedReader reader, EventWriter events, CancellationToken cancellation)
    {
        var missed = new List<(FeedItem Item, string Cursor)>();
        while (!reader.IsLive)
            missed.AddRange((await reader.ReadAsync(cancellation) ?? []).Select(item => (item, reader.Passed(item))));
        foreach (string customer in reader.Filter.Customers.Except(missed.Select(entry => entry.Item.CustomerId)))
            await WriteBadgeAsync(events, customer, [], null, cancellation);
        await WriteRunsAsync(events, missed, cancellation);
        // The client's first cursor: from here on it can resume.
        events.Heartbeat(reader.CursorText);
        await events.FlushAsync(cancellation);
        while (await reader.ReadAsync(cancellation) is { } items)
        {
            await WriteRunsAsync(events, [.. items.Select(item => (item, reader.Passed(item)))], cancellation);
            if (!await events.FlushAsync(cancellation))
                return;
        }
    }

    /// <summary>
    /// One badge for each run of items of one customer: an event often moves several schemes at once. Longer merges would tell a client that is cut between two
    /// badges of changes that it has not seen.
    /// </summary>
    private async Task WriteRunsAsync(EventWriter events, List<(FeedItem Item, string Cursor)> items, CancellationToken cancellation)
    {
        for (int start = 0, end; start < items.Count; start = end)
        {
            FeedItem first = items[start].Item;
            end = start + 1;
            if (first.Kind == FeedItemKind.Heartbeat)
            {
                events.Heartbeat(items[start].Cursor);
                continue;
            }
            while (end < items.Count && items[end].Item.CustomerId == first.CustomerId)
                end++;
            await WriteBadgeAsync(events, first.CustomerId, items[start..end].Select(entry => entry.Item), items[end - 1].Cursor, cancellation);
        }
    }

    private async Task WriteBadgeAsync(
        EventWriter events, string customer, IEnumerable<FeedItem> changes, string? cursor, CancellationToken cancellation)
    {
        CustomerProfile? profile = await customers.FindAsync(customer, cancellation);
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("customerId", customer);
            json.WritePropertyName("profile");
            JsonSerializer.Serialize(json, profile, WorkerJson.Default.CustomerProfile!);
            json.WriteStartArray("changes");
            foreach (FeedItem change in changes.Where(item => item.Kind == FeedItemKind.Transition))
                json.WriteRawValue(change.Data.Span, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        events.Event("badge", cursor, buffer.WrittenSpan);
    }
}
