namespace StreamScorer.Engine.Commit;

/// <summary>Port: where state lives. Implemented by Redis, by SQLite and by the in-memory store of the tests; one contract suite covers all.</summary>
public interface IStateStore : IAsyncDisposable
{
    /// <summary>Opens the writing side of one partition, with a connection of its own.</summary>
    ValueTask<IPartitionStore> OpenPartitionAsync(int partition, CancellationToken cancellation);

    /// <summary>The partition's meta as committed, or null when it was never claimed. Needs no ownership.</summary>
    ValueTask<PartitionMeta?> ReadMetaAsync(int partition, CancellationToken cancellation);

    /// <summary>One customer's committed records, or null when unknown. Needs no ownership.</summary>
    ValueTask<StoredCustomer?> ReadCustomerAsync(int partition, ReadOnlyMemory<byte> customerId, CancellationToken cancellation);

    /// <summary>All committed customers of a partition, hot and cold record together, in any order. Needs no ownership.</summary>
    IAsyncEnumerable<StoredCustomer> ReadCustomersAsync(int partition, CancellationToken cancellation);

    /// <summary>
    /// What all workers on this store share. When there is none yet, atomically begins it with these values and a random identity and erasure key.
    /// </summary>
    ValueTask<AppRecord> ReadOrCreateAppAsync(string topic, int partitionCount, int layout, CancellationToken cancellation);

    /// <summary>Replaces the shared record if its revision is still <paramref name="next"/>'s; it is then stored with the next revision.</summary>
    /// <returns>False when somebody else has changed it: read it again.</returns>
    ValueTask<bool> ReplaceAppAsync(AppRecord next, CancellationToken cancellation);

    /// <summary>The stored policy of a version as JSON. When there is none and <paramref name="jsonIfNone"/> is given, atomically stores that.</summary>
    ValueTask<string?> ReadOrCreatePolicyAsync(long version, string? jsonIfNone, CancellationToken cancellation);

    /// <summary>Population sketches as last committed, by partition; null where there is none yet.</summary>
    ValueTask<IReadOnlyList<byte[]?>> ReadPopulationsAsync(int partitionCount, CancellationToken cancellation);
}

/// <summary>A customer as stored. <paramref name="Cold"/> is empty when the customer has no cold record.</summary>
public sealed record StoredCustomer(byte[] CustomerId, byte[] Hot, byte[] Cold);

/// <summary>The writing side of one partition. Calls never overlap.</summary>
public interface IPartitionStore : IAsyncDisposable
{
    /// <summary>
    /// Atomically raises the epoch to max(stored + 1, <paramref name="nowUnixMs"/>) and returns the whole meta with the new fence.
    /// A partition that was never claimed is created with <see cref="PartitionMeta.Empty"/>.
    /// </summary>
    ValueTask<ClaimResult> ClaimAsync(long nowUnixMs, CancellationToken cancellation);

    /// <summary>Streams everything committed into <paramref name="target"/>: hot records, then cold ones, then outbox entries by sequence, then the ring, then erasure markers.</summary>
    /// <returns>False when the store could not be reached; what was loaded is then incomplete.</returns>
    ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation);

    /// <summary>Applies the whole commit, or nothing of it. Copies what it needs before it first awaits.</summary>
    ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation);
}

/// <summary>Receives a partition's committed records while it is loaded. Spans are valid during the call only.</summary>
public interface ILoadTarget
{
    /// <summary>How many hot records are about to come, from a store that knows: room for them can be made at once.</summary>
    void ExpectHot(long count)
    {
    }

    /// <summary>A customer's hot record.</summary>
    void LoadHot(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record);

    /// <summary>A customer's cold record.</summary>
    void LoadCold(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record);

    /// <summary>An outbox entry that is not yet trimmed.</summary>
    void LoadOutbox(long seq, ReadOnlySpan<byte> entry);

    /// <summary>The duplicates ring: 8 bytes little-endian per slot, shorter than its capacity until it has wrapped once.</summary>
    void LoadRecent(ReadOnlySpan<byte> ring);

    /// <summary>An erasure marker: keyed hash of the customer id, and the instant up to which events are ignored, unix milliseconds.</summary>
    void LoadErasure(ulong customerHash, long erasedAtMs);
}

/// <summary>How a claim ended.</summary>
/// <param name="Claimed">False when the store could not be reached or refused; nothing is owned then.</param>
/// <param name="Meta">The meta with the raised fence; meaningful when claimed.</param>
/// <param name="Error">Why not claimed, for people; null when claimed.</param>
public readonly record struct ClaimResult(bool Claimed, PartitionMeta Meta, string? Error);

/// <summary>How a commit ended.</summary>
public enum CommitOutcome
{
    /// <summary>Everything was written.</summary>
    Applied,

    /// <summary>Nothing was written: a newer epoch owns the partition. Stop it.</summary>
    Fenced,

    /// <summary>Nothing was written: same or older epoch with another sequence; the store moved or went back. Claim again.</summary>
    Stale,

    /// <summary>Nothing was written: the store has no fence for this partition. Stop and say so.</summary>
    StoreLost,

    /// <summary>The reply was lost or the store refused: whether it was written is unknown. Discard memory and claim again.</summary>
    Unknown,
}
