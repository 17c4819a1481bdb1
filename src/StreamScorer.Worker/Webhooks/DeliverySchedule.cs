using StreamScorer.Worker.Web.Streams;

namespace StreamScorer.Worker.Webhooks;

/// <summary>
/// Which message is due next: of one customer one at a time in the order of the output, so that a message that fails holds up nobody but its own customer.
/// Knows what a restart has to know: a mark below which everything is done, how far was looked, and what between the two is not done. Not safe for concurrent use.
/// </summary>
internal sealed class DeliverySchedule
{
    private readonly Dictionary<string, CustomerMessages> customers = new(StringComparer.Ordinal);
    private readonly Queue<CustomerMessages> ready = new();
    private readonly PriorityQueue<CustomerMessages, long> paused = new();
    private readonly SortedSet<long>[] waiting;
    private readonly HashSet<OutputPlace> waitedBefore;
    private readonly long[] seen;
    private readonly long[] seenBefore;

    /// <param name="low">Per partition, the position below which everything is done: where reading begins.</param>
    /// <param name="seenBefore">Per partition, the position up to which everything but <paramref name="waitedBefore"/> is done.</param>
    /// <param name="waitedBefore">Places between the two that are not done.</param>
    public DeliverySchedule(IReadOnlyList<long> low, IReadOnlyList<long> seenBefore, IEnumerable<OutputPlace> waitedBefore)
    {
        this.waitedBefore = [.. waitedBefore];
        seen = [.. low];
        this.seenBefore = [.. seenBefore];
        waiting = [.. low.Select(_ => new SortedSet<long>())];
        foreach (OutputPlace place in this.waitedBefore)
            waiting[place.Partition].Add(place.Position);
    }

    /// <summary>Messages that are not done.</summary>
    public int WaitingCount => waiting.Sum(positions => positions.Count);

    /// <summary>Per partition, where reading goes on.</summary>
    public IReadOnlyList<long> ReadTo => seen;

    /// <summary>Per partition, the position up to which everything but <see cref="Waiting"/> is done.</summary>
    public IEnumerable<long> Seen => seen.Zip(seenBefore, Math.Max);

    /// <summary>Places that are not done.</summary>
    public IEnumerable<OutputPlace> Waiting => waiting.SelectMany((positions, partition) => positions.Select(position => new OutputPlace(partition, position)));

    /// <summary>Per partition, the position below which everything is done.</summary>
    public IEnumerable<long> Low => waiting.Zip(Seen, (positions, end) => positions.Count > 0 ? positions.Min : end);

    /// <summary>When the first of the paused customers is due again; null when none is paused.</summary>
    public long? NextDueMs => paused.TryPeek(out _, out long dueMs) ? dueMs : null;

    /// <summary>Takes a wanted message over as it is read; of one partition in the order of positions.</summary>
    public void Add(FeedItem item)
    {
        var place = new OutputPlace(item.Partition, item.Position);
        seen[item.Partition] = item.Position + 1;
        if (item.Position < seenBefore[item.Partition] && !waitedBefore.Remove(place))
            return;
        waiting[item.Partition].Add(item.Position);
        if (!customers.TryGetValue(item.CustomerId, out CustomerMessages? customer))
        {
            customers[item.CustomerId] = customer = new CustomerMessages();
            ready.Enqueue(customer);
        }
        customer.Messages.Enqueue(item);
    }

    /// <summary>Counts everything before these positions as read: what was not added is not wanted.</summary>
    public void Look(IReadOnlyList<long> positions)
    {
        for (int partition = 0; partition < seen.Length; partition++)
            seen[partition] = Math.Max(seen[partition], positions[partition]);
    }

    /// <summary>The next message to send; null when every customer who has one waits for an answer or for the next attempt.</summary>
    public Attempt? Take(long nowMs)
    {
        while (paused.TryPeek(out CustomerMessages? due, out long dueMs) && dueMs <= nowMs)
            ready.Enqueue(paused.Dequeue());
        if (!ready.TryDequeue(out CustomerMessages? customer))
            return null;
        customer.FirstAttemptMs ??= nowMs;
        return new Attempt(customer.Messages.Peek(), customer.Attempts++, customer.FirstAttemptMs.Value);
    }

    /// <summary>A message that was taken is delivered or parked: the customer's next one is due.</summary>
    public void Finish(FeedItem item)
    {
        CustomerMessages customer = customers[item.CustomerId];
        customer.Messages.Dequeue();
        waiting[item.Partition].Remove(item.Position);
        (customer.Attempts, customer.FirstAttemptMs) = (0, null);
        if (customer.Messages.Count > 0)
            ready.Enqueue(customer);
        else
            customers.Remove(item.CustomerId);
    }

    /// <summary>A message that was taken has failed: it and the customer's later ones wait.</summary>
    public void Pause(FeedItem item, long untilMs) => paused.Enqueue(customers[item.CustomerId], untilMs);

    private sealed class CustomerMessages
    {
        public Queue<FeedItem> Messages { get; } = new();

        public int Attempts { get; set; }

        public long? FirstAttemptMs { get; set; }
    }
}

/// <summary>A message that is due.</summary>
/// <param name="Item">What to send.</param>
/// <param name="EarlierAttempts">How often it has failed.</param>
/// <param name="FirstAttemptMs">When it was tried first.</param>
internal sealed record Attempt(FeedItem Item, int EarlierAttempts, long FirstAttemptMs);
