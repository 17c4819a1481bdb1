namespace StreamScorer.Worker.Web.Streams;

/// <summary>
/// Everybody who follows, found by customer where they follow few: thousands of badges must not all be asked about every transition. Not safe for concurrent use.
/// </summary>
internal sealed class FeedReaders
{
    private readonly HashSet<FeedReader> all = [];
    private readonly HashSet<FeedReader> ofEverybody = [];
    private readonly Dictionary<string, HashSet<FeedReader>> ofCustomer = new(StringComparer.Ordinal);

    /// <summary>Starts handing items to a reader.</summary>
    public void Add(FeedReader reader)
    {
        all.Add(reader);
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

    /// <summary>Hands an item to all who may want it.</summary>
    public void Offer(FeedItem item)
    {
        if (item.Kind == FeedItemKind.Heartbeat)
        {
            Offer(item, all);
            return;
        }
        Offer(item, ofEverybody);
        if (ofCustomer.TryGetValue(item.CustomerId, out HashSet<FeedReader>? readers))
            Offer(item, readers);
    }

    private static void Offer(FeedItem item, HashSet<FeedReader> readers)
    {
        foreach (FeedReader reader in readers)
            reader.Offer(item);
    }
}
