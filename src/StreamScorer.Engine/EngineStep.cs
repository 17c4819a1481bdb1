namespace StreamScorer.Engine;

/// <summary>
/// The instants at which a crash leaves different things behind, in the order in which a partition meets them. Each is passed once a takeover, a commit or a
/// published batch, never once an event.
/// </summary>
public enum EngineStep
{
    /// <summary>The epoch is raised, nothing is loaded.</summary>
    Claimed,

    /// <summary>The state is in memory, the output is not read back.</summary>
    Loaded,

    /// <summary>What the former owner published is known; nothing is delivered yet.</summary>
    ReadBack,

    /// <summary>A batch has left its queue, nothing of it is folded.</summary>
    Polled,

    /// <summary>Timers have fired in memory.</summary>
    TimersFired,

    /// <summary>A part of a recalibration sweep is folded in memory.</summary>
    Swept,

    /// <summary>A commit is complete in memory, nothing of it is sent.</summary>
    CommitReady,

    /// <summary>The same for a commit that also trims the outbox.</summary>
    TrimReady,

    /// <summary>A commit is sent, its outcome unknown.</summary>
    CommitSent,

    /// <summary>The store has applied a commit; memory does not know it yet.</summary>
    CommitApplied,

    /// <summary>Entries of the outbox are about to be sent.</summary>
    PublishReady,

    /// <summary>Entries are sent, none is acknowledged.</summary>
    PublishSent,

    /// <summary>Entries are acknowledged; nothing remembers it yet.</summary>
    Published,

    /// <summary>The partition is revoked; nothing is drained yet.</summary>
    Revoked,

    /// <summary>A revoked partition is drained; the group does not know it yet.</summary>
    Drained,
}
