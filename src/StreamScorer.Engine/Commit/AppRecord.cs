using StreamScorer.Engine.Source;

namespace StreamScorer.Engine.Commit;

/// <summary>What all workers on one store share, written once and then changed only by <see cref="IStateStore.ReplaceAppAsync"/>.</summary>
public sealed record AppRecord
{
    /// <summary>Raised by one by every change, so that of two that change it at once one is refused.</summary>
    public long Revision { get; init; }

    /// <summary>Name of the input whose state this is.</summary>
    public required string Topic { get; init; }

    /// <summary>Partitions of the input when the state was begun.</summary>
    public required int PartitionCount { get; init; }

    /// <summary>How producers choose a partition; unknown until it is learned.</summary>
    public PartitionerKind Partitioner { get; init; }

    /// <summary>Random identity of this state, not 0.</summary>
    public long Incarnation { get; init; }

    /// <summary>Layout of the records that workers write: every worker must be able to read it.</summary>
    public required int Layout { get; init; }

    /// <summary>Secret that customer ids are hashed with for the erasure markers; random, kept as long as the markers.</summary>
    public UInt128 ErasureKey { get; init; }

    /// <summary>Partitions that paused before this instant because of too many dead letters go on; unix milliseconds, 0 for none.</summary>
    public long ResumedAtMs { get; init; }
}
