using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Populations;

/// <summary>Looks at all customers of the store. A scan of everything, so it is shared by all who ask and rationed by what it costs.</summary>
/// <param name="rules">The rules in force.</param>
/// <param name="clock">With an event clock the present is each partition's clock, not the wall's.</param>
public sealed class PopulationReader(IStateStore store, int partitionCount, Func<ScoringRules> rules, ClockKind clock, TimeProvider time)
{
    // A scan that takes a second is repeated every twenty: it may use a twentieth of the store's time, however large the population grows.
    private const int RestPerScan = 20;

    private static readonly TimeSpan restMin = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<PopulationSnapshot>? latest;
    private DateTimeOffset nextScan;

    /// <summary>The newest sums, or those of the scan under way.</summary>
    public Task<PopulationSnapshot> ReadAsync()
    {
        lock (gate)
        {
            bool isUsable = latest is { IsCompleted: false } or { IsCompletedSuccessfully: true };
            if (latest is null || !isUsable || (latest.IsCompleted && time.GetUtcNow() >= nextScan))
                latest = ScanAsync();
            return latest;
        }
    }

    private async Task<PopulationSnapshot> ScanAsync()
    {
        long start = time.GetTimestamp(), latestMs = long.MinValue;
        ScoringRules now = rules();
        var scan = new PopulationScan(now);
        for (int partition = 0; partition < partitionCount; partition++)
        {
            PartitionMeta meta = await store.ReadMetaAsync(partition, CancellationToken.None) ?? PartitionMeta.Empty;
            scan.Add(meta);
            long nowMs = clock == ClockKind.Wall ? time.GetUtcNow().ToUnixTimeMilliseconds() : meta.ClockMs;
            latestMs = Math.Max(latestMs, nowMs);
            await foreach (StoredCustomer customer in store.ReadCustomersAsync(partition, CancellationToken.None))
                scan.Add(customer, nowMs);
        }
        var snapshot = new PopulationSnapshot(scan.Report(), latestMs == long.MinValue ? new FallsReport(now.Policy.BaseCurrency, null, null, []) : scan.Falls(latestMs));
        TimeSpan rest = time.GetElapsedTime(start) * RestPerScan;
        nextScan = time.GetUtcNow() + (rest > restMin ? rest : restMin);
        return snapshot;
    }
}

/// <summary>What one scan found.</summary>
public sealed record PopulationSnapshot(PopulationReport Report, FallsReport Falls);
