using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Worker.Customers;

/// <summary>Tier counts over all customers of the store. A scan of everything, so it is shared by all who ask and rationed by what it costs.</summary>
public sealed class PopulationReader(IStateStore store, int partitionCount, ScoringRules rules, TimeProvider time)
{
    // A scan that takes a second is repeated every twenty: it may use a twentieth of the store's time, however large the population grows.
    private const int RestPerScan = 20;

    private static readonly TimeSpan restMin = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<PopulationReport>? latest;
    private DateTimeOffset nextScan;

    /// <summary>The newest counts, or those of the scan under way.</summary>
    public Task<PopulationReport> ReadAsync()
    {
        lock (gate)
        {
            bool isUsable = latest is { IsCompleted: false } or { IsCompletedSuccessfully: true };
            if (latest is null || !isUsable || (latest.IsCompleted && time.GetUtcNow() >= nextScan))
                latest = ScanAsync();
            return latest;
        }
    }

    private async Task<PopulationReport> ScanAsync()
    {
        long start = time.GetTimestamp();
        var counts = new TierCounts(rules);
        long clockMs = long.MinValue, applied = 0;
        for (int partition = 0; partition < partitionCount; partition++)
        {
            PartitionMeta meta = await store.ReadMetaAsync(partition, CancellationToken.None) ?? PartitionMeta.Empty;
            (clockMs, applied) = (Math.Max(clockMs, meta.ClockMs), applied + meta.Counters.Applied);
            await foreach (StoredCustomer customer in store.ReadCustomersAsync(partition, CancellationToken.None))
            {
                StoredState.Read(customer, out CustomerState hot, out ColdState cold);
                counts.Add(in hot, in cold);
            }
        }
        TimeSpan rest = time.GetElapsedTime(start) * RestPerScan;
        nextScan = time.GetUtcNow() + (rest > restMin ? rest : restMin);
        return new PopulationReport(
            counts.Customers, applied, clockMs == long.MinValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(clockMs).UtcDateTime, counts.Schemes);
    }
}

/// <summary>The population at a glance.</summary>
/// <param name="Customers">Known customers.</param>
/// <param name="Applied">Events applied so far.</param>
/// <param name="Clock">Newest partition clock, or null before the first event.</param>
/// <param name="Schemes">Customers by tier, best first, by scheme.</param>
public sealed record PopulationReport(
    long Customers, long Applied, DateTime? Clock, IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Schemes);
