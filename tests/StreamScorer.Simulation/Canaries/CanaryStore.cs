using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Simulation.Ports;
using StreamScorer.Simulation.World;
using StreamScorer.Testing.State;

namespace StreamScorer.Simulation.Canaries;

/// <summary>Partition stores with one bug each, around the right one of a worker.</summary>
internal static class CanaryStore
{
    /// <summary>The right store, or one with the bug.</summary>
    public static IPartitionStore Around(IPartitionStore right, Canary canary, Worker worker, int partition) => canary switch
    {
        Canary.LoadsBeforeClaim => new LoadingBeforeClaim(right, worker, partition),
        Canary.KeepsMemoryAfterAFailedCommit => new KeepingMemory(right),
        Canary.PublishesBeforeCommit => new PublishingBeforeCommit(right, worker, partition),
        _ => right,
    };

    private class Passing(IPartitionStore right) : IPartitionStore
    {
        protected IPartitionStore Right => right;

        public virtual ValueTask<ClaimResult> ClaimAsync(long nowUnixMs, CancellationToken cancellation) => right.ClaimAsync(nowUnixMs, cancellation);

        public virtual ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation) => right.LoadAsync(target, cancellation);

        public virtual ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation) => right.CommitAsync(commit, cancellation);

        public ValueTask DisposeAsync() => right.DisposeAsync();
    }

    private sealed class LoadingBeforeClaim(IPartitionStore right, Worker worker, int partition) : Passing(right)
    {
        private LoadedPartition loaded = new();

        public override async ValueTask<ClaimResult> ClaimAsync(long nowUnixMs, CancellationToken cancellation)
        {
            loaded = new LoadedPartition();
            if (!await Right.LoadAsync(loaded, cancellation))
                return new ClaimResult(false, default, "not loaded");
            // What the meta was when the load was executed: the right store executes both at once only by chance.
            PartitionMeta? meta = worker.Server.MetaAtLoad(partition);
            ClaimResult claim = await Right.ClaimAsync(nowUnixMs, cancellation);
            return meta is { } old && claim.Claimed ? claim with { Meta = old with { Fence = claim.Meta.Fence } } : claim;
        }

        public override ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation)
        {
            foreach ((byte[] id, byte[] record) in loaded.Hot)
                target.LoadHot(id, record);
            foreach ((byte[] id, byte[] record) in loaded.Cold)
                target.LoadCold(id, record);
            foreach ((long seq, byte[] entry) in loaded.Outbox)
                target.LoadOutbox(seq, entry);
            target.LoadRecent(loaded.Recent);
            return ValueTask.FromResult(true);
        }
    }

    private sealed class KeepingMemory(IPartitionStore right) : Passing(right)
    {
        private PartitionCommit? unconfirmed;

        public override async ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
        {
            var copy = new PartitionCommit();
            commit.CopyTo(copy);
            CommitOutcome outcome = await Right.CommitAsync(commit, cancellation);
            unconfirmed = outcome == CommitOutcome.Applied ? null : copy;
            return outcome;
        }

        public override async ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation)
        {
            bool loaded = await Right.LoadAsync(target, cancellation);
            if (unconfirmed is not { } kept)
                return loaded;
            foreach (CustomerWrite write in kept.Writes)
            {
                if (write.Kind == CustomerWriteKind.PutHot)
                    target.LoadHot(kept.CustomerId(write), kept.Record(write));
                else if (write.Kind == CustomerWriteKind.PutCold)
                    target.LoadCold(kept.CustomerId(write), kept.Record(write));
            }
            return loaded;
        }
    }

    private sealed class PublishingBeforeCommit(IPartitionStore right, Worker worker, int partition) : Passing(right)
    {
        public override ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
        {
            foreach (OutboxEntry entry in commit.Outbox)
                worker.Sink.PublishEarly(partition, entry);
            return Right.CommitAsync(commit, cancellation);
        }
    }
}
