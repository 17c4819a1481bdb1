using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Simulation.Input;
using StreamScorer.Simulation.World;

namespace StreamScorer.Simulation.Oracle;

/// <summary>
/// What a partition's whole input must lead to, worked out one record after the other: no batches, no timers, no store. Shares with the engine only the pure
/// scorer, the decoder and the text of a published record.
/// </summary>
internal sealed class NaiveScorer
{
    private readonly Scenario scenario;
    private readonly IReadOnlyList<byte[]> ids;
    private readonly Findings findings;
    private readonly EventDecoder decoder;
    private readonly OutboxFormatter formatter;
    private readonly TierChangeBuffer changes = new();
    private readonly HashSet<(int Customer, ulong EventId)> seen = [];
    private readonly Dictionary<int, long> erasedAtMs = [];
    private readonly PartitionMeta meta;
    private PartitionCounters counters;
    private long clockMs = long.MinValue;

    /// <param name="scenario">The run.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="ids">Customer ids by number.</param>
    /// <param name="incarnation">Of the stored state, part of the transition ids.</param>
    /// <param name="findings">Where it notes a deadline that is too late: the engine would wake as late as this does, so that their outcomes would not differ.</param>
    public NaiveScorer(Scenario scenario, int partition, IReadOnlyList<byte[]> ids, long incarnation, Findings findings)
    {
        (this.scenario, this.ids, this.findings) = (scenario, ids, findings);
        decoder = new EventDecoder(scenario.Rules);
        formatter = new OutboxFormatter("transactions", partition, scenario.Rules, scenario.Options);
        meta = new PartitionMeta { Incarnation = incarnation };
    }

    /// <summary>Customers that exist at the end, by number.</summary>
    public SortedDictionary<int, Customer> Customers { get; } = [];

    /// <summary>What must be published of each customer, in order: id and value.</summary>
    public Dictionary<int, List<(string Id, byte[]? Value)>> Published { get; } = [];

    /// <summary>Offsets of the dead letters with their reasons, in order.</summary>
    public List<(long Offset, RejectionReason Reason)> DeadLetters { get; } = [];

    /// <summary>Events applied, in order.</summary>
    public List<(long Offset, int Customer, ulong EventId)> Applied { get; } = [];

    /// <summary>What must have been counted.</summary>
    public PartitionCounters Counters => counters;

    /// <summary>Takes the next record of the partition.</summary>
    public void Take(long offset, InputRecord record, long timestampMs)
    {
        if (record.Kind == RecordKind.Clock)
        {
            clockMs = Math.Max(clockMs, record.TimeMs);
            return;
        }
        counters = counters with { Consumed = counters.Consumed + 1 };
        if (record.Kind == RecordKind.Poison)
        {
            counters = counters with { DeadLettered = counters.DeadLettered + 1 };
            DeadLetters.Add((offset, record.Reason));
        }
        else if (record.Kind == RecordKind.Erase)
        {
            counters = counters with { Erased = counters.Erased + 1 };
            Erase(offset, record.Customer, record.Value is null ? timestampMs : record.TimeMs);
        }
        else
            Apply(offset, record, timestampMs);
    }

    /// <summary>Lets silence happen up to the partition's clock.</summary>
    public void Close()
    {
        foreach (int customer in Customers.Keys)
            Elapse(customer);
    }

    private void Apply(long offset, InputRecord record, long timestampMs)
    {
        var source = new SourceRecord
        {
            Offset = offset,
            TimestampMs = timestampMs,
            HasKey = true,
            HasValue = true,
            Key = record.Key,
            Value = record.Value,
            Headers = default,
        };
        if (decoder.Decode(in source, out CustomerEvent e).Rejected)
            throw new InvalidOperationException($"The input is wrong: {Encoding.UTF8.GetString(record.Value!)}");
        if (IsErased(record.Customer, e.TimeMs))
        {
            counters = counters with { Erased = counters.Erased + 1 };
            return;
        }
        if (!seen.Add((record.Customer, e.EventIdHash)))
        {
            counters = counters with { Duplicate = counters.Duplicate + 1 };
            return;
        }
        if (!Customers.TryGetValue(record.Customer, out Customer? customer))
            Customers[record.Customer] = customer = new Customer();
        changes.Clear();
        Scorer.Apply(ref customer.State, ref customer.Cold, in e, scenario.Rules, Population.None, changes, out Lateness lateness);
        if (Deadlines.IsNext(in customer.State))
            Deadlines.Arm(ref customer.State, ref customer.Cold, scenario.Rules, customer.State.LastAssessedMs);
        CheckDeadline(record.Customer, offset);
        Publish(record.Customer, e.EventId, offset, e.TimeMs);
        clockMs = Math.Max(clockMs, e.TimeMs);
        Applied.Add((offset, record.Customer, e.EventIdHash));
        counters = counters with
        {
            Applied = counters.Applied + 1,
            Late = counters.Late + (lateness == Lateness.OnTime ? 0 : 1),
            LateInexact = counters.LateInexact + (lateness == Lateness.LateInexact ? 1 : 0),
        };
    }

    // The deadline that an event leaves is proved from bounds of the signals; what the signals themselves say is found again here. Its window reaches further than the proof
    // does, so that its end, which stands for any later change, is no earlier.
    private void CheckDeadline(int number, long offset)
    {
        Customer customer = Customers[number];
        long firstChangeMs = Deadlines.Find(in customer.State, in customer.Cold, scenario.Rules, customer.State.LastAssessedMs, checkNever: false);
        findings.Require(customer.State.DeadlineMs <= firstChangeMs, "O8 deadline",
            $"customer c{number}: the record at {offset} leaves the deadline {customer.State.DeadlineMs}, after the first change at {firstChangeMs}");
    }

    private void Erase(long offset, int customer, long atMs)
    {
        if (IsErased(customer, atMs))
            return;
        erasedAtMs[customer] = atMs;
        if (Customers.ContainsKey(customer))
            Elapse(customer);
        Customers.Remove(customer);
        OutboxEntry told = formatter.Erased(meta, ids[customer], offset, atMs);
        PublishedOf(customer).Add((told.Id, told.Value));
        PublishedOf(customer).Add((formatter.Tombstone(meta, ids[customer], offset).Id, null));
    }

    private bool IsErased(int customer, long timeMs) =>
        erasedAtMs.TryGetValue(customer, out long atMs) && timeMs <= atMs
        && (clockMs == long.MinValue || clockMs - atMs <= scenario.Options.ErasureMarkerTtlMs);

    // Up to the clock's own instant, at which an event may still come.
    private void Elapse(int number)
    {
        Customer customer = Customers[number];
        changes.Clear();
        Scorer.Elapse(ref customer.State, ref customer.Cold, clockMs - 1, scenario.Rules, Population.None, changes);
        Publish(number, default, -1, 0);
    }

    private void Publish(int customer, ReadOnlySpan<byte> eventId, long offset, long triggerMs)
    {
        foreach (ref readonly TierChange change in changes.Changes)
        {
            if (!formatter.IsPublished(in change))
                continue;
            var trigger = new TransitionTrigger(change.Cause == TransitionCause.Event ? offset : -1, triggerMs);
            OutboxEntry entry = formatter.Transition(meta.OutboxSeq, meta.Incarnation, ids[customer], in change, eventId, trigger);
            PublishedOf(customer).Add((entry.Id, entry.Value));
        }
    }

    private List<(string Id, byte[]? Value)> PublishedOf(int customer)
    {
        if (!Published.TryGetValue(customer, out List<(string Id, byte[]? Value)>? list))
            Published[customer] = list = [];
        return list;
    }

    /// <summary>A customer's records.</summary>
    internal sealed class Customer
    {
        /// <summary>The hot record.</summary>
        public CustomerState State;

        /// <summary>The cold record.</summary>
        public ColdState Cold;
    }
}
