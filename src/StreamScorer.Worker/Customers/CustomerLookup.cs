using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Populations;

namespace StreamScorer.Worker.Customers;

/// <summary>Finds a customer by id, whichever instance owns it, straight from the store.</summary>
/// <param name="rules">The rules in force: a stream that is open for days outlives a policy.</param>
/// <param name="clock">With an event clock the present is the partition's clock, not the wall's: else a replayed customer has been silent for years.</param>
public sealed class CustomerLookup(
    IStateStore store, int partitionCount, Func<ScoringRules> rules, CurrentPopulation population, ClockKind clock, TimeProvider time)
{
    /// <summary>The profile at this moment, or null when there is no such customer.</summary>
    public async Task<CustomerProfile?> FindAsync(string customerId, CancellationToken cancellation, bool withExplanation = false)
    {
        byte[] id = Encoding.UTF8.GetBytes(customerId);
        (StoredCustomer? customer, int owner) = await FindStoredAsync(id, cancellation);
        if (customer is null)
            return null;
        long nowUnixMs = await NowAsync(owner, cancellation);
        Population everybody = await population.ReadAsync().WaitAsync(cancellation);
        var profiler = new CustomerProfiler(rules());
        return withExplanation ? profiler.Explain(customer, nowUnixMs, everybody) : profiler.Score(customer, nowUnixMs, everybody);
    }

    private async Task<(StoredCustomer? Customer, int Partition)> FindStoredAsync(byte[] id, CancellationToken cancellation)
    {
        // Most producers place keys by this rule; where another one is in use the customer is in one of the other partitions.
        int likely = Partitioner.Murmur2(id, partitionCount);
        if (await store.ReadCustomerAsync(likely, id, cancellation) is StoredCustomer found)
            return (found, likely);
        (StoredCustomer? Customer, int Partition)[] others =
            await Task.WhenAll(Enumerable.Range(0, partitionCount).Where(partition => partition != likely).Select(ReadAsync));
        return others.FirstOrDefault(entry => entry.Customer is not null);

        async Task<(StoredCustomer?, int)> ReadAsync(int partition) => (await store.ReadCustomerAsync(partition, id, cancellation), partition);
    }

    private async ValueTask<long> NowAsync(int partition, CancellationToken cancellation) =>
        clock == ClockKind.Wall
            ? time.GetUtcNow().ToUnixTimeMilliseconds()
            : (await store.ReadMetaAsync(partition, cancellation))?.ClockMs ?? long.MinValue;
}
