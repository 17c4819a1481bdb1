using System.Runtime.CompilerServices;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// The synchronous part of a partition: folds records, silence and sweeps into memory and into one <see cref="PartitionCommit"/>. No input or output, no clock,
/// no logger: it cannot fail half-way for a reason outside of its arguments.
/// </summary>
/// <param name="partition">Partition number.</param>
/// <param name="memory">What it changes.</param>
/// <param name="rules">The policy's rules.</param>
/// <param name="options">Limits.</param>
/// <param name="formatter">Makes what is published.</param>
/// <param name="placement">Tells the records that belong to another partition; null = none does.</param>
// Else room for a whole cold record is cleared for every event before one is copied there.
[SkipLocalsInit]
public sealed partial class PartitionFold(
    int partition, PartitionMemory memory, ScoringRules rules, EngineOptions options, OutboxFormatter formatter, KeyPlacement? placement = null)
{
    private readonly EventDecoder decoder = new(rules, memory.Ring);
    private readonly ReadAhead ahead = new(memory.Table);
    private readonly TierChangeBuffer changes = new();
    private readonly List<int> changedSlots = [];
    private readonly List<int> unarmedSlots = [];
    private PartitionMeta begun = memory.Meta;
    private long offset = memory.Meta.Offset, clockMs = memory.Meta.ClockMs, outboxSeq = memory.Meta.OutboxSeq;
    private long applied, duplicate, deadLettered, erased, late, lateInexact;
    private (long TimestampMs, uint Hash) lastRecord;
    private long assessedPolicyVersion;
    private SettledBuckets? settled;

    /// <summary>Layout that records are written in.</summary>
    public int Layout { get; init; } = RecordLayout.Own;

    /// <summary>The write under construction.</summary>
    public PartitionCommit Commit { get; } = new();

    /// <summary>What the write does, for metrics.</summary>
    public BatchTally Tally { get; } = new();

    /// <summary>Highest event time folded, unix milliseconds, or <see cref="long.MinValue"/>.</summary>
    public long ClockMs => clockMs;

    /// <summary>Next source offset to fold.</summary>
    public long Offset => offset;

    /// <summary>Time of the event that <see cref="FoldRecords"/> stopped before, unix milliseconds, or <see cref="long.MinValue"/>.</summary>
    public long WaitingEventMs { get; private set; } = long.MinValue;

    /// <summary>True when there is something that must be written.</summary>
    public bool HasChanges { get; private set; }

    /// <summary>True behind an erasure, whose slot may be used again only by the next commit; and when what is to be published has many bytes.</summary>
    public bool EndsCommit { get; private set; }

    /// <summary>Customers changed since <see cref="Begin"/>.</summary>
    public int ChangedCount => changedSlots.Count;

    /// <summary>Starts the next commit from the memory's meta. Changes of the one before must have been sealed: their customers are marked until then.</summary>
    public void Begin()
    {
        Commit.Clear();
        Tally.Clear();
        changedSlots.Clear();
        unarmedSlots.Clear();
        begun = memory.Meta;
        (offset, outboxSeq) = (begun.Offset, begun.OutboxSeq);
        // The wall clock moves the wheel on while there is nothing to commit. A clock behind it would leave timers due that it must not fire yet, for ever.
        clockMs = begun.ClockMs == long.MinValue ? begun.ClockMs : Math.Max(begun.ClockMs, memory.Wheel.NowS * 1000 + 1);
        (applied, duplicate, deadLettered, erased, late, lateInexact) = (0, 0, 0, 0, 0, 0);
        lastRecord = (begun.LastRecordTimestampMs, begun.LastRecordHash);
        // Without a clock there are no customers yet. An older policy than the stored one undoes what that one assessed.
        assessedPolicyVersion = begun.ClockMs == long.MinValue ? rules.Policy.Version : Math.Min(begun.AssessedPolicyVersion, rules.Policy.Version);
        HasChanges = false;
        EndsCommit = false;
    }

    /// <summary>Moves the clock without an event.</summary>
    public void AdvanceClock(long toMs) => clockMs = Math.Max(clockMs, toMs);

    /// <summary>
    /// Folds records of a batch in order. Stops before the first event at or after <paramref name="stopBeforeMs"/>, because a sweep at that instant must come
    /// first; before a clock record until all silence up to it is committed, so that its offset in the store says so; and behind an erasure.
    /// </summary>
    /// <returns>Index of the first record not folded.</returns>
    public int FoldRecords(RecordBatch batch, int from, int max, long nowUnixMs, Population population, long stopBeforeMs)
    {
        WaitingEventMs = long.MinValue;
        int until = FoldUntil(batch, from, Math.Min(batch.Count, from + max), nowUnixMs, population, stopBeforeMs);
        if (until > from)
        {
            SourceRecord last = batch[until - 1];
            lastRecord = last.Offset == offset - 1 ? (last.TimestampMs, (uint)StableHash.Of(last.Value)) : lastRecord;
        }
        return until;
    }

    private int FoldUntil(RecordBatch batch, int from, int end, long nowUnixMs, Population population, long stopBeforeMs)
    {
        ahead.Begin(from);
        for (int i = from; i < end; i++)
        {
            int probableSlot = ahead.SlotOf(batch, i, end);
            SourceRecord record = batch[i];
            if (record.Offset < offset)
                continue;
            Rejection rejection = decoder.Decode(in record, out CustomerEvent e);
            if (!rejection.Rejected && e.TimeMs > nowUnixMs + options.FutureToleranceMs)
                rejection = new Rejection(RejectionReason.FutureTimestamp, "time: too far ahead of the wall clock");
            else if (!rejection.Rejected && record.HasKey && e.Type is not (EventType.Clock or EventType.Erase) && placement?.Accepts(record.Key, partition) == false)
                rejection = new Rejection(RejectionReason.WrongPartition, "key: its customer belongs to another partition; the producer chose it by another rule");
            if (!rejection.Rejected && MustWait(in e, stopBeforeMs))
            {
                WaitingEventMs = e.TimeMs;
                return i;
            }
            HasChanges = true;
            Tally.AddTraceParent(record.Headers);
            offset = record.Offset + 1;
            if (rejection.Rejected)
                Reject(in record, rejection);
            else if (!FoldEvent(in record, in e, probableSlot, population))
                return i + 1;
            if (Commit.OutboxBytes < options.CommitBytesMax)
                continue;
            EndsCommit = true;
            return i + 1;
        }
        return end;
    }

    /// <summary>
    /// Moves the timers of customers whose last event left no proved deadline, once for all their events; the others' moved with the event. Must come before timers and
    /// sweeps: until then such a customer's timer still stands at a former deadline.
    /// </summary>
    public void ArmChanged()
    {
        foreach (int slot in unarmedSlots)
        {
            if (memory.Table.Slot(slot).IdLength == 0)
                continue;
            ref CustomerState state = ref memory.Table.State(slot);
            if (Deadlines.IsNext(in state))
                Deadlines.Arm(ref state, in memory.Table.Cold(slot), rules, state.LastAssessedMs);
            memory.Wheel.Arm(slot, state.DeadlineMs);
            memory.Table.Slot(slot).Marks &= ~SlotMarks.Unarmed;
        }
        unarmedSlots.Clear();
    }

    /// <summary>Closes the commit.</summary>
    /// <param name="publishedSeq">Outbox sequence up to which everything is acknowledged; those entries are trimmed.</param>
    /// <param name="sinkPosition">Output position behind the last acknowledged transition.</param>
    /// <param name="isLive">Whether the wall clock moves the partition's clock.</param>
    public PartitionCommit Seal(long publishedSeq, long sinkPosition, bool isLive = false)
    {
        Span<byte> scratch = stackalloc byte[CustomerState.SizeBytes];
        foreach (int slot in changedSlots)
        {
            ref CustomerSlot entry = ref memory.Table.Slot(slot);
            if (entry.IdLength == 0)
                continue;
            SlotMarks marks = entry.Marks;
            entry.Marks = SlotMarks.None;
            ref CustomerState state = ref memory.Table.State(slot);
            Commit.PutHot(memory.Table.IdOf(slot), RecordLayout.Encode(in state, Layout, scratch));
            if ((marks & SlotMarks.ColdChanged) == 0)
                continue;
            ref readonly ColdState cold = ref memory.Table.Cold(slot);
            if (cold.IsEmpty)
                Commit.RemoveCold(memory.Table.IdOf(slot));
            else
                Commit.PutCold(memory.Table.IdOf(slot), ColdState.AsBytes(in cold));
        }
        memory.Erasures.Expire(clockMs, Commit);
        long trimThrough = publishedSeq > begun.PublishedSeq ? publishedSeq : 0;
        PartitionMeta next = Next with
        {
            RecentCount = memory.Ring.Pushed,
            PublishedSeq = Math.Max(begun.PublishedSeq, publishedSeq),
            SinkPosition = Math.Max(begun.SinkPosition, sinkPosition),
            PolicyVersion = rules.Policy.Version,
            AssessedPolicyVersion = assessedPolicyVersion,
            IsLive = isLive,
            // A partition that has a newer record anywhere must not be taken over by a version that cannot read it.
            Layout = Math.Max(begun.Layout, Layout),
        };
        Commit.Seal(memory.Meta.Fence, next, trimThrough);
        return Commit;
    }

    // Put together when it is asked for: copying it for every record would cost more than decoding.
    private PartitionMeta Next => begun with
    {
        Offset = offset,
        ClockMs = clockMs,
        OutboxSeq = outboxSeq,
        LastRecordTimestampMs = lastRecord.TimestampMs,
        LastRecordHash = lastRecord.Hash,
        Counters = new PartitionCounters(
            begun.Counters.Consumed + applied + duplicate + deadLettered + erased, begun.Counters.Applied + applied, begun.Counters.Duplicate + duplicate,
            begun.Counters.DeadLettered + deadLettered, begun.Counters.Erased + erased, begun.Counters.Late + late, begun.Counters.LateInexact + lateInexact),
    };

    private bool MustWait(in CustomerEvent e, long stopBeforeMs)
    {
        if (e.Type == EventType.Erase)
            return false;
        // What will be ignored must not wait: the sweep that it waits for would move the clock to an instant that no event has reached.
        if (e.TimeMs >= stopBeforeMs)
            return e.Type == EventType.Clock || !memory.Erasures.Covers(e.CustomerId, e.TimeMs, clockMs);
        if (e.Type != EventType.Clock)
            return false;
        AdvanceClock(e.TimeMs);
        AdvanceWheel();
        return unarmedSlots.Count > 0 || memory.Wheel.HasDue;
    }

    private bool FoldEvent(in SourceRecord record, in CustomerEvent e, int probableSlot, Population population)
    {
        if (e.Type == EventType.Clock)
        {
            AdvanceClock(e.TimeMs);
            return true;
        }
        if (e.Type == EventType.Erase)
        {
            Erase(in record, in e, population);
            return false;
        }
        if (memory.Erasures.Covers(e.CustomerId, e.TimeMs, clockMs))
        {
            erased++;
            return true;
        }
        int slot = memory.Table.Find(e.CustomerId, probableSlot);
        if (memory.Ring.Contains(e.EventIdHash) || (slot >= 0 && memory.Table.State(slot).RecentEvents.Contains(e.EventIdHash)))
        {
            duplicate++;
            return true;
        }
        bool isNew = slot < 0;
        if (isNew)
            slot = memory.Table.GetOrAdd(e.CustomerId);
        ref CustomerState state = ref memory.Table.State(slot);
        ColdState cold = memory.Table.Cold(slot);
        if (isNew)
            memory.Tiers.Enter(in state, in cold);
        int purchaseDays = state.PurchaseDays;
        changes.Clear();
        PopulationBuckets buckets = Scorer.Apply(ref state, ref cold, in e, rules, population, changes, out Lateness lateness);
        memory.Calibration.Observe(purchaseDays, in state);
        memory.Ring.Push(e.EventIdHash);
        Commit.Remember(e.EventIdHash);
        memory.PutInSketch(slot, in buckets);
        applied++;
        late += lateness == Lateness.OnTime ? 0 : 1;
        lateInexact += lateness == Lateness.LateInexact ? 1 : 0;
        AdvanceClock(e.TimeMs);
        if (!Deadlines.IsNext(in state))
            memory.Wheel.Arm(slot, state.DeadlineMs);
        else if (Mark(slot, SlotMarks.Unarmed))
            unarmedSlots.Add(slot);
        Changed(slot, in cold);
        Publish(slot, in record, e.EventId, e.TimeMs, record.Offset);
        return true;
    }

    private void Erase(in SourceRecord record, in CustomerEvent e, Population population)
    {
        erased++;
        EndsCommit = true;
        if (memory.Erasures.Covers(e.CustomerId, e.TimeMs, clockMs))
            return;
        memory.Erasures.Mark(e.CustomerId, e.TimeMs, Commit);
        int slot = memory.Table.Find(e.CustomerId);
        if (slot >= 0)
            ElapseBeforeErasure(slot, population);
        if (!IsMuted(record.Offset))
        {
            outboxSeq++;
            Commit.Append(formatter.Erased(Next, e.CustomerId, record.Offset, e.TimeMs));
            outboxSeq++;
            Commit.Append(formatter.Tombstone(Next, e.CustomerId, record.Offset));
        }
        if (slot < 0)
            return;
        Commit.RemoveCustomer(e.CustomerId);
        memory.PutInSketch(slot, PopulationBuckets.None);
        memory.Tiers.Leave(in memory.Table.State(slot), in memory.Table.Cold(slot));
        memory.Wheel.Disarm(slot);
        memory.Table.Remove(slot);
    }

    // Before a rebuild it was published.
    private bool IsMuted(long causeOffset) => causeOffset < begun.PublishFromOffset;

    // Silence that was due before the erasure comes first, else what is published of the customer depends on where batches end.
    private void ElapseBeforeErasure(int slot, Population population)
    {
        ref CustomerState state = ref memory.Table.State(slot);
        ColdState cold = memory.Table.Cold(slot);
        changes.Clear();
        Scorer.Elapse(ref state, ref cold, SilentUntilMs(ClockMs), rules, population, changes);
        memory.Table.SetCold(slot, in cold);
        Publish(slot, default, default, 0);
    }

    private void Reject(in SourceRecord record, Rejection rejection)
    {
        deadLettered++;
        Tally.Add(rejection.Reason);
        if (IsMuted(record.Offset))
            return;
        outboxSeq++;
        Commit.Append(formatter.DeadLetter(outboxSeq, partition, in record, rejection));
    }

    private void Changed(int slot, in ColdState cold)
    {
        if (Mark(slot, SlotMarks.Changed))
            changedSlots.Add(slot);
        if (memory.Table.SetCold(slot, in cold) != ColdChange.None)
            Mark(slot, SlotMarks.ColdChanged);
    }

    // Returns whether it is the first time in this commit.
    private bool Mark(int slot, SlotMarks mark)
    {
        ref SlotMarks marks = ref memory.Table.Slot(slot).Marks;
        SlotMarks before = marks;
        marks |= mark;
        return (before & mark) == 0;
    }

    // The record is the cause of changes with cause event only; a default one goes with silence and sweeps.
    private void Publish(int slot, in SourceRecord record, ReadOnlySpan<byte> eventId, long triggerMs, long triggerOffset = -1)
    {
        bool isMuted = IsMuted(triggerOffset >= 0 ? triggerOffset : offset);
        foreach (ref readonly TierChange change in changes.Changes)
        {
            if (change.From != change.To)
                memory.Tiers.Move(in change);
            if (isMuted || !formatter.IsPublished(in change))
                continue;
            Tally.Add(in change);
            outboxSeq++;
            TransitionTrigger trigger = change.Cause == TransitionCause.Event ? TransitionTrigger.Of(in record, triggerMs) : new(-1, triggerMs);
            Commit.Append(formatter.Transition(outboxSeq, begun.Incarnation, memory.Table.IdOf(slot), in change, eventId, trigger));
        }
    }
}
