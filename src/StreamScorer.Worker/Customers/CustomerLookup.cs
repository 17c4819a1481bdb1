using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Customers;

/// <summary>Finds a customer by id, whichever instance owns it, straight from the store.</summary>
/// <param name="clock">With an event clock the present is the partition's clock, not the wall's: else a replayed customer has been silent for years.</param>
public sealed class CustomerLookup(IStateStore store, int partitionCount, CustomerProfiler profiler, ClockKind clock, TimeProvider time)
{
    /// <summary>The profile at this moment, or null when there is no such customer.</summary>
    public async Task<CustomerProfile?> FindAsync(string customerId, CancellationToken cancellation, bool withExplanation = false)
    {
        byte[] id = Encoding.UTF8.GetBytes(customerId);
        (StoredCustomer? Customer, int Partition)[] found =
            await Task.WhenAll(Enumerable.Range(0, partitionCount).Select(partition => ReadAsync(partition, id, cancellation)));
        (StoredCustomer? customer, int owner) = found.FirstOrDefault(entry => entry.Customer is not null);
        if (customer is null)
            return null;
        long nowUnixMs = await NowAsync(owner, cancellation);
        return withExplanation
            ? profiler.Explain(customer, nowUnixMs, await store.ReadPopulationsAsync(partitionCount, cancellation))
            : profiler.Score(customer, nowUnixMs);
    }

    private async Task<(StoredCustomer?, int)> ReadAsync(int partition, byte[] id, CancellationToken cancellation) =>
        (await store.ReadCustomerAsync(partition, id, cancellation), partition);

    private async ValueTask<long> NowAsync(int partition, CancellationToken cancellation) =>
        clock == ClockKind.Wall
            ? time.GetUtcNow().ToUnixTimeMilliseconds()
            : (await store.ReadMetaAsync(partition, cancellation))?.ClockMs ?? long.MinValue;
}
