namespace StreamScorer.Engine.Commit;

/// <summary>What the store knows about a partition besides its customers; written whole by every commit.</summary>
public readonly record struct PartitionMeta
{
    /// <summary>Slots of the duplicates ring, 8 bytes each.</summary>
    public const int RecentCapacity = 131_072;

    /// <summary>A partition that was never claimed.</summary>
    public static readonly PartitionMeta Empty = new() { Offset = -1, SinkPosition = -1, ClockMs = long.MinValue };

    /// <summary>The fence of the last accepted write.</summary>
    public Fence Fence { get; init; }

    /// <summary>Next source offset to read, or -1 before the first commit. The truth: the consumer group's offset is never read.</summary>
    public long Offset { get; init; }

    /// <summary>Sequence of the newest outbox entry ever appended, from 1; 0 = none.</summary>
    public long OutboxSeq { get; init; }

    /// <summary>Sequence up to which entries are known to be acknowledged by the sink, and trimmed.</summary>
    public long PublishedSeq { get; init; }

    /// <summary>Sink position that follows the last acknowledged transition; reading back starts here. -1 = unknown.</summary>
    public long SinkPosition { get; init; }

    /// <summary>Random identity of this lineage of state, part of every transition id. 0 before the first claim.</summary>
    public long Incarnation { get; init; }

    /// <summary>Version of the state record layout.</summary>
    public int Layout { get; init; }

    /// <summary>Version of the policy that the state was scored with.</summary>
    public long PolicyVersion { get; init; }

    /// <summary>Highest event time seen, unix milliseconds, or <see cref="long.MinValue"/>.</summary>
    public long ClockMs { get; init; }

    /// <summary>Event ids ever written to the duplicates ring; the ring position is this modulo <see cref="RecentCapacity"/>.</summary>
    public long RecentCount { get; init; }

    /// <summary>Hash of the last consumed record's value, to notice a recreated topic.</summary>
    public uint LastRecordHash { get; init; }

    /// <summary>Timestamp of the last consumed record, unix milliseconds.</summary>
    public long LastRecordTimestampMs { get; init; }

    /// <summary>Nothing caused by records below this offset is published: it was, before the state was rebuilt. 0 = everything is.</summary>
    public long PublishFromOffset { get; init; }

    /// <summary>Version of the policy that all customers have been assessed with; behind <see cref="PolicyVersion"/> while a change is carried out.</summary>
    public long AssessedPolicyVersion { get; init; }

    /// <summary>
    /// True once the clock has come within an hour of the wall clock: from then on that one moves it too. It stays so, else a partition that was taken over after
    /// a longer silence would let nobody fall until its next event.
    /// </summary>
    public bool IsLive { get; init; }

    /// <summary>The conservation counters.</summary>
    public PartitionCounters Counters { get; init; }
}

/// <summary>
/// Conservation, committed with the offset: consumed = applied + duplicate + dead-lettered + erased. Clock records are not counted.
/// </summary>
/// <param name="Late">A part of applied: events older than the newest one of their customer.</param>
/// <param name="LateInexact">A part of late: older than the 64-day window, counted as a new purchase day.</param>
public readonly record struct PartitionCounters(
    long Consumed, long Applied, long Duplicate, long DeadLettered, long Erased, long Late, long LateInexact);
