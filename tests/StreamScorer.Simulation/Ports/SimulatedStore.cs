using StreamScorer.Engine.Commit;
using StreamScorer.Simulation.Canaries;
using StreamScorer.Simulation.World;

namespace StreamScorer.Simulation.Ports;

/// <summary>A worker's view of the state store, over the network.</summary>
internal sealed class SimulatedStore(Worker worker, StoreServer server, Network network, Canary canary) : IStateStore
{
    private const string Unreachable = "the store does not answer";

    public async ValueTask<IPartitionStore> OpenPartitionAsync(int partition, CancellationToken cancellation)
    {
        IPartitionStore right = await server.OpenPartitionAsync(partition);
        return CanaryStore.Around(new SimulatedPartitionStore(worker, server, network, partition, right), canary, worker, partition);
    }

    public ValueTask<PartitionMeta?> ReadMetaAsync(int partition, CancellationToken cancellation) =>
        Read(() => server.Meta(partition), cancellation);

    public ValueTask<StoredCustomer?> ReadCustomerAsync(int partition, ReadOnlyMemory<byte> customerId, CancellationToken cancellation) =>
        Read(() => server.Inner.ReadCustomerAsync(partition, customerId, cancellation).Result, cancellation);

    public async IAsyncEnumerable<StoredCustomer> ReadCustomersAsync(
        int partition, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (StoredCustomer customer in await Read(() => server.Customers(partition), cancellation))
            yield return customer;
    }

    public ValueTask<IReadOnlyList<byte[]?>> ReadPopulationsAsync(int partitionCount, CancellationToken cancellation) =>
        Read(() => server.Inner.ReadPopulationsAsync(partitionCount, cancellation).Result, cancellation);

    public ValueTask<AppRecord> ReadOrCreateAppAsync(string topic, int partitionCount, int layout, CancellationToken cancellation) =>
        server.Inner.ReadOrCreateAppAsync(topic, partitionCount, layout, cancellation);

    public ValueTask<bool> ReplaceAppAsync(AppRecord next, CancellationToken cancellation) => server.Inner.ReplaceAppAsync(next, cancellation);

    public ValueTask<string?> ReadOrCreatePolicyAsync(long version, string? jsonIfNone, CancellationToken cancellation) =>
        server.Inner.ReadOrCreatePolicyAsync(version, jsonIfNone, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask<T> Read<T>(Func<T> execute, CancellationToken cancellation) =>
        new(network.Send<T>(worker, Network.Target.StoreRead, execute, () => throw new StateStoreException(Unreachable) { IsTransient = true }, cancellation));

    private sealed class SimulatedPartitionStore(Worker worker, StoreServer server, Network network, int partition, IPartitionStore right) : IPartitionStore
    {
        public ValueTask<ClaimResult> ClaimAsync(long nowUnixMs, CancellationToken cancellation) => new(network.Send(
            worker, Network.Target.StoreWrite, () => server.Claim(worker, partition, right, nowUnixMs), () => new ClaimResult(false, default, Unreachable), cancellation));

        public ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation) => new(network.Send(
            worker, Network.Target.StoreRead, () => server.Load(partition, right, target), () => false, cancellation));

        public ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
        {
            PartitionCommit copy = server.Rent();
            commit.CopyTo(copy);
            return new(network.Send(
                worker, Network.Target.StoreWrite, () => server.Commit(worker, partition, right, copy), () => CommitOutcome.Unknown, cancellation));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
