using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Testing.State;

namespace StreamScorer.Simulation.Canaries;

/// <summary>The server's side of a partition with one bug each.</summary>
internal static class CanaryServer
{
    /// <summary>The right partition, or one with the bug.</summary>
    public static IPartitionStore Around(IPartitionStore right, Canary canary, InMemoryStateStore store, int partition) => canary switch
    {
        Canary.SkipsTheFence => new Distorting(right, store, partition, (stored, _) => stored.Fence, (commit, _) => commit.TrimThroughSeq),
        Canary.TrimsByCount => new Distorting(right, store, partition, (_, commit) => commit.Expected, TrimByCount),
        _ => right,
    };

    private static long TrimByCount(PartitionCommit commit, (PartitionMeta Stored, List<long> Outbox) now)
    {
        long acknowledged = commit.TrimThroughSeq - now.Stored.PublishedSeq;
        return acknowledged <= 0 || now.Outbox.Count == 0 ? 0 : now.Outbox[(int)Math.Min(acknowledged, now.Outbox.Count) - 1];
    }

    private sealed class Distorting(
        IPartitionStore right,
        InMemoryStateStore store,
        int partition,
        Func<PartitionMeta, PartitionCommit, Fence> fence,
        Func<PartitionCommit, (PartitionMeta Stored, List<long> Outbox), long> trim) : IPartitionStore
    {
        public ValueTask<ClaimResult> ClaimAsync(long nowUnixMs, CancellationToken cancellation) => right.ClaimAsync(nowUnixMs, cancellation);

        public ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation) => right.LoadAsync(target, cancellation);

        public ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
        {
            if (store.ReadMetaAsync(partition, cancellation).Result is not { } stored)
                return right.CommitAsync(commit, cancellation);
            var loaded = new LoadedPartition();
            _ = right.LoadAsync(loaded, cancellation).Result;
            var distorted = new PartitionCommit();
            commit.CopyTo(distorted);
            distorted.Seal(fence(stored, commit), commit.Next, trim(commit, (stored, [.. loaded.Outbox.Select(entry => entry.Key)])));
            return right.CommitAsync(distorted, cancellation);
        }

        public ValueTask DisposeAsync() => right.DisposeAsync();
    }
}
