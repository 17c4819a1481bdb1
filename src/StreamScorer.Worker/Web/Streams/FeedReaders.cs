namespace StreamScorer.Worker.Web.Streams;

/// <summary>
/// Everybody who follows, found by customer where they follow few: thousands of badges must not all be asked about every transition. Not safe for concurrent use.
/// </summary>
/// <param name="heartbeatTicks">A reader gets a heartbeat this often, in the unit of the timestamps.</param>
internal sealed class FeedReaders(long heartbeatTicks)
{
    private readonly HashSet<FeedReader> all = [];
    private readonly PriorityQueue<FeedReader, long> turns = new();
    private readonly HashSet<FeedReader> ofEverybody = [];
    private readonly Dictionary<string, HashSet<FeedReader>> ofCustomer = new(StringComparer.Ordinal);

    /// <summary>Starts handing items to a reader.</summary>
    public void Add(FeedReader reader, long nowTimestamp)
    {
        all.Add(reader);
        // Anywhere in the interval: readers that came together, as after a restart, must not all be woken together ever after.
        turns.Enqueue(reader, nowTimestamp + Random.Shared.NextInt64(heartbeatTicks));
        if (reader.Filter.Customers.Count == 0)
            ofEverybody.Add(reader);
        foreach (string customer in reader.Filter.Customers)
        {
            if (!ofCustomer.TryGetValue(customer, out HashSet<FeedReader>? readers))
                ofCustomer[customer] = readers = [];
            readers.Add(reader);
        }
    }

    /// <summary>Ends it.</summary>
    public void Remove(FeedReader reader)
    {
        if (!all.Remove(reader))
            return;
        ofEverybody.Remove(reader);
        foreach (string customer in reader.Filter.Customers)
        {
            if (ofCustomer.TryGetValue(customer, out HashSet<FeedReader>? readers) && readers.Remove(reader) && readers.Count == 0)
                ofCustomer.Remove(customer);
        }
    }

    /// <summary>Hands a record to all who may want it.</summary>
    public void Offer(FeedItem item)
    {
        Offer(item, ofEverybody);
        if (ofCustomer.TryGetValue(item.CustomerId, out HashSet<FeedReader>? readers))
            Offer(item, readers);
    }

    /// <summary>Hands a heartbeat to those whose turn it is.</summary>
    /// <param name="positions">How far everything is known.</param>
    public void Heartbeat(long[] positions, long nowTimestamp)
    {
        FeedItem? heartbeat = null;
        while (turns.TryPeek(out FeedReader? reader, out long due) && due <= nowTimestamp)
        {
            turns.Dequeue();
            if (!all.Contains(reader))
                continue;
            reader.Offer(heartbeat ??= new FeedItem { Kind = FeedItemKind.Heartbeat, Positions = [.. positions] });
            turns.Enqueue(reader, Math.Max(due, nowTimestamp - heartbeatTicks) + heartbeatTicks);
        }
    }

    private static void Offer(FeedItem item, HashSet<FeedReader> readers)
    {
        foreach (FeedReader reader in readers)
            reader.Offer(item);
    }
}
