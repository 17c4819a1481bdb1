using StreamScorer.Engine.Commit;

namespace StreamScorer.Testing.State;

/// <summary>The writing side of one partition of an <see cref="InMemoryStateStore"/>.</summary>
internal sealed class InMemoryPartitionStore(InMemoryStateStore store, int partition) : IPartitionStore
{
    public ValueTask<ClaimResult> ClaimAsync(long nowUnixMs, CancellationToken cancellation) =>
        ValueTask.FromResult(store.Reachable
            ? new ClaimResult(true, store.Claim(partition, nowUnixMs), null)
            : new ClaimResult(false, default, "the in-memory store is set unreachable"));

    public ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation)
    {
        if (!store.Reachable)
            return ValueTask.FromResult(false);
        if (store.Find(partition) is not { } version)
            return ValueTask.FromResult(true);
        foreach ((byte[] id, byte[] record) in version.Hot)
            target.LoadHot(id, record);
        foreach ((byte[] id, byte[] record) in version.Cold)
            target.LoadCold(id, record);
        foreach ((long seq, byte[] entry) in version.Outbox)
            target.LoadOutbox(seq, entry);
        target.LoadRecent(version.RecentBytes());
        foreach ((ulong hash, long erasedAtMs) in version.Erasures)
            target.LoadErasure(hash, erasedAtMs);
        return ValueTask.FromResult(true);
    }

    public ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
    {
        CommitFault fault = store.Reachable ? store.Fault?.Invoke(partition, commit) ?? CommitFault.None : CommitFault.LostRequest;
        if (fault == CommitFault.LostRequest)
            return ValueTask.FromResult(CommitOutcome.Unknown);
        CommitOutcome outcome = store.Commit(partition, commit);
        return ValueTask.FromResult(fault == CommitFault.LostReply ? CommitOutcome.Unknown : outcome);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
