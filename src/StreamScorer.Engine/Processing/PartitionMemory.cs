using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// Everything a processor holds of its partition. It mirrors the store as of the last applied commit plus the fold under way, and is thrown away whole after
/// any commit that was not confirmed.
/// </summary>
public sealed class PartitionMemory : ILoadTarget
{
    private readonly ScoringRules rules;

    /// <param name="meta">The meta as claimed.</param>
    /// <param name="rules">The policy's rules.</param>
    public PartitionMemory(PartitionMeta meta, ScoringRules rules)
    {
        this.rules = rules;
        Meta = meta;
        Wheel = new TimerWheel(Table);
    }

    /// <summary>Meta of the last applied commit.</summary>
    public PartitionMeta Meta { get; set; }

    /// <summary>Customers.</summary>
    public CustomerTable Table { get; } = new();

    /// <summary>Deadlines.</summary>
    public TimerWheel Wheel { get; }

    /// <summary>Recent event ids.</summary>
    public DuplicateRing Ring { get; } = new();

    /// <summary>Customer values of the partition.</summary>
    public PopulationSketch Sketch { get; } = new();

    /// <summary>Outbox entries loaded with the state: committed by a former owner, perhaps published.</summary>
    public List<OutboxEntry> LoadedOutbox { get; } = [];

    /// <summary>What the load could not read; empty when all was well.</summary>
    public string? LoadError { get; private set; }

    /// <inheritdoc/>
    public void LoadHot(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
    {
        if (CustomerState.TryRead(record, out CustomerState state))
            Table.State(Table.GetOrAdd(customerId)) = state;
        else
            LoadError = $"a customer record has layout {(record.IsEmpty ? -1 : record[0])} and {record.Length} bytes; this version reads layout {CustomerState.CurrentLayout}";
    }

    /// <inheritdoc/>
    public void LoadCold(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
    {
        int slot = Table.Find(customerId);
        if (slot >= 0 && ColdState.TryRead(record, out ColdState state))
            Table.SetCold(slot, in state);
        else
            LoadError = slot < 0 ? "a cold record has no hot record" : $"a cold record has {record.Length} bytes, which this version cannot read";
    }

    /// <inheritdoc/>
    public void LoadOutbox(long seq, ReadOnlySpan<byte> entry) => LoadedOutbox.Add(OutboxEntry.Decode(entry));

    /// <inheritdoc/>
    public void LoadRecent(ReadOnlySpan<byte> ring) => Ring.Load(ring, Meta.RecentCount);

    /// <summary>Builds what is not stored: the timer wheel and the sketch.</summary>
    public void Complete()
    {
        bool started = Meta.ClockMs != long.MinValue;
        Wheel.Reset(started ? Math.DivRem(Meta.ClockMs, 1000).Quotient : 0);
        for (int slot = 0; slot < Table.Slots; slot++)
        {
            ref CustomerState state = ref Table.State(slot);
            Wheel.Arm(slot, state.DeadlineMs);
            PutInSketch(slot, new CustomerSignals(in state, in Table.Cold(slot), rules, Math.Max(Meta.ClockMs, state.LastAssessedMs)).CustomerValue);
        }
    }

    /// <summary>Moves a customer to the sketch bucket of its value; only buyers are in the sketch.</summary>
    public void PutInSketch(int slot, double customerValue)
    {
        ref CustomerSlot entry = ref Table.Slot(slot);
        short bucket = Table.State(slot).PurchaseCount > 0 ? PopulationSketch.BucketOf(customerValue) : CustomerSlot.NoBucket;
        if (bucket == entry.Bucket)
            return;
        if (entry.Bucket != CustomerSlot.NoBucket)
            Sketch.Remove(entry.Bucket);
        if (bucket != CustomerSlot.NoBucket)
            Sketch.Add(bucket);
        entry.Bucket = bucket;
    }
}
