using System.Runtime.CompilerServices;
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
    private ScoringRules rules;

    /// <param name="meta">The meta as claimed.</param>
    /// <param name="rules">The policy's rules.</param>
    /// <param name="erasures">Takes the erasure markers; null for a partition that has none to keep.</param>
    public PartitionMemory(PartitionMeta meta, ScoringRules rules, ErasureMarkers? erasures = null)
    {
        Erasures = erasures ?? new ErasureMarkers(default, long.MaxValue);
        this.rules = rules;
        Meta = meta;
        Wheel = new TimerWheel(Table);
        Tiers = new TierCensus(rules);
        Calibration = new ModelCalibration(rules);
        if (meta.Layout > RecordLayout.Next)
            LoadError = $"its state has layout {meta.Layout}, this version reads up to {RecordLayout.Next}: a newer version wrote it, or a copy was not completed";
    }

    /// <summary>Meta of the last applied commit.</summary>
    public PartitionMeta Meta { get; set; }

    /// <summary>Customers.</summary>
    public CustomerTable Table { get; } = new();

    /// <summary>Deadlines.</summary>
    public TimerWheel Wheel { get; }

    /// <summary>Recent event ids.</summary>
    public DuplicateRing Ring { get; } = new();

    /// <summary>Who was erased and up to when.</summary>
    public ErasureMarkers Erasures { get; }

    /// <summary>The partition's customers as the population sees them.</summary>
    public PopulationSketch Sketch { get; } = new();

    /// <summary>Customers by tier.</summary>
    public TierCensus Tiers { get; }

    /// <summary>What the model expected and what came.</summary>
    public ModelCalibration Calibration { get; }

    /// <summary>Outbox entries loaded with the state: committed by a former owner, perhaps published.</summary>
    public List<OutboxEntry> LoadedOutbox { get; } = [];

    /// <summary>What the load could not read; empty when all was well.</summary>
    public string? LoadError { get; private set; }

    /// <inheritdoc/>
    public void ExpectHot(long count) => Table.Reserve((int)Math.Min(count, SlotIndex.SlotsMax));

    /// <inheritdoc/>
    public void LoadHot(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
    {
        if (CustomerState.TryRead(record, out CustomerState state))
            Table.State(Table.GetOrAdd(customerId)) = state;
        else
            LoadError = $"a customer record has layout {(record.IsEmpty ? -1 : record[0])} and {record.Length} bytes; this version reads layouts {RecordLayout.Own} to {RecordLayout.Next}";
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

    /// <inheritdoc/>
    public void LoadErasure(ulong customerHash, long erasedAtMs) => Erasures.Load(customerHash, erasedAtMs);

    /// <summary>Builds what is not stored: the timer wheel and the sketch.</summary>
    public void Complete()
    {
        bool started = Meta.ClockMs != long.MinValue;
        // Behind the clock's own instant, at which nothing fires yet, and without a clock behind every event: a timer that is due but must wait would spin.
        Wheel.Reset(started ? Math.DivRem(Meta.ClockMs - 1, 1000).Quotient - 1 : TimerWheel.FirstS);
        for (int slot = 0; slot < Table.Slots; slot++)
            Enter(slot);
    }

    /// <summary>
    /// Goes on under other rules with the same schemes. The sketch stays as it was measured until a sweep measures every customer anew.
    /// </summary>
    public void Use(ScoringRules next)
    {
        rules = next;
        Calibration.Use(next);
    }

    /// <summary>Puts a customer into the sketch as of an instant, unix milliseconds, and into what the model expects when that is measured too.</summary>
    public void Measure(int slot, long atMs, ModelCalibration? calibration = null)
    {
        ref CustomerState state = ref Table.State(slot);
        var signals = new CustomerSignals(in state, in Table.Cold(slot), rules, atMs);
        PutInSketch(slot, PopulationBuckets.Of(in signals, in state));
        calibration?.Measure(in signals);
    }

    // A method of its own: the runtime optimizes what is called often, not what loops.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Enter(int slot)
    {
        ref CustomerState state = ref Table.State(slot);
        Wheel.Arm(slot, state.DeadlineMs);
        Measure(slot, Math.Max(Meta.ClockMs, state.LastAssessedMs));
        Tiers.Enter(in state, in Table.Cold(slot));
    }

    /// <summary>Moves a customer to other buckets of the sketch.</summary>
    public void PutInSketch(int slot, in PopulationBuckets buckets) => Sketch.Move(ref Table.Slot(slot).Buckets, in buckets);
}
