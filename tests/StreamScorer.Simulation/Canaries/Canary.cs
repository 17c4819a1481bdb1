namespace StreamScorer.Simulation.Canaries;

/// <summary>A known bug, put into the ports of a run. A campaign that does not find each of them is worth nothing.</summary>
public enum Canary
{
    /// <summary>None: the engine and its ports are right.</summary>
    None,

    /// <summary>The store writes whatever fence the writer expects.</summary>
    SkipsTheFence,

    /// <summary>A takeover loads first and claims then; a former owner's commit in between is overwritten.</summary>
    LoadsBeforeClaim,

    /// <summary>Memory outlives a commit that was not confirmed; the batch is folded into it again.</summary>
    KeepsMemoryAfterAFailedCommit,

    /// <summary>Transitions are published before the commit that decided them.</summary>
    PublishesBeforeCommit,

    /// <summary>The outbox is trimmed by the number of acknowledged entries, not by their sequence.</summary>
    TrimsByCount,

    /// <summary>Records are read from the consumer group's offset, not from the stored one.</summary>
    TrustsTheGroupOffset,
}
