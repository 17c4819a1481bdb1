using System.Collections.Concurrent;
using StreamScorer.Engine.Commit;
using StreamScorer.Testing.State;

namespace StreamScorer.Contracts.Tests.Wrong;

/// <summary>A state store that is right but for one flaw.</summary>
internal sealed class WrongStateStore(Flaw flaw) : IStateStore
{
    private readonly InMemoryStateStore right = new();
    private readonly ConcurrentDictionary<string, byte[]> firstColdRead = [];

    public void Flush() => right.Flush();

    public async ValueTask<IPartitionStore> OpenPartitionAsync(int partition, CancellationToken cancellation)
    {
        int number = flaw == Flaw.MixesPartitions ? 0 : partition;
        return new WrongPartitionStore(flaw, right, number, await right.OpenPartitionAsync(number, cancellation));
    }

    public ValueTask<PartitionMeta?> ReadMetaAsync(int partition, CancellationToken cancellation) => right.ReadMetaAsync(partition, cancellation);

    public async ValueTask<StoredCustomer?> ReadCustomerAsync(int partition, ReadOnlyMemory<byte> customerId, CancellationToken cancellation) =>
        await right.ReadCustomerAsync(partition, customerId, cancellation) is { } customer ? Distort(customer) : null;

    public IAsyncEnumerable<StoredCustomer> ReadCustomersAsync(int partition, CancellationToken cancellation) =>
        right.ReadCustomersAsync(partition, cancellation).Select(Distort);

    public ValueTask<IReadOnlyList<byte[]?>> ReadPopulationsAsync(int partitionCount, CancellationToken cancellation) =>
        right.ReadPopulationsAsync(partitionCount, cancellation);

    public ValueTask<AppRecord> ReadOrCreateAppAsync(string topic, int partitionCount, int layout, CancellationToken cancellation) =>
        right.ReadOrCreateAppAsync(topic, partitionCount, layout, cancellation);

    public async ValueTask<bool> ReplaceAppAsync(AppRecord next, CancellationToken cancellation)
    {
        AppRecord stored = await right.ReadOrCreateAppAsync(next.Topic, next.PartitionCount, next.Layout, cancellation);
        return await right.ReplaceAppAsync(flaw == Flaw.OverwritesTheApp ? next with { Revision = stored.Revision } : next, cancellation);
    }

    public ValueTask<string?> ReadOrCreatePolicyAsync(long version, string? jsonIfNone, CancellationToken cancellation) =>
        right.ReadOrCreatePolicyAsync(flaw == Flaw.MixesPolicies ? 1 : version, jsonIfNone, cancellation);

    public ValueTask DisposeAsync() => right.DisposeAsync();

    private StoredCustomer Distort(StoredCustomer customer) =>
        flaw == Flaw.ReadsTorn ? customer with { Cold = firstColdRead.GetOrAdd(Convert.ToHexString(customer.CustomerId), customer.Cold) } : customer;
}
