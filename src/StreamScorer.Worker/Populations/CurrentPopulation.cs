using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;

namespace StreamScorer.Worker.Populations;

/// <summary>The population of all partitions as stored, a few seconds old at most: small sums, read once for all who ask. Safe for concurrent use.</summary>
public sealed class CurrentPopulation(IStateStore store, int partitionCount, Func<ScoringRules> rules, TimeProvider time)
{
    private static readonly TimeSpan ageMax = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Task<Population>? latest;
    private DateTimeOffset readAt;

    /// <summary>The population now.</summary>
    /// <exception cref="StateStoreException">The store cannot be read.</exception>
    public Task<Population> ReadAsync()
    {
        lock (gate)
        {
            bool isUsable = latest is { IsCompleted: false } or { IsCompletedSuccessfully: true };
            if (isUsable && time.GetUtcNow() - readAt < ageMax)
                return latest!;
            readAt = time.GetUtcNow();
            return latest = MergeAsync();
        }
    }

    private async Task<Population> MergeAsync()
    {
        var merged = new PopulationSketch();
        foreach (byte[]? encoded in await store.ReadPopulationsAsync(partitionCount, CancellationToken.None))
        {
            if (encoded is not null && PopulationSketch.Decode(encoded) is { } sketch)
                merged.Merge(sketch);
        }
        return new Population(1, merged, rules().Schemes);
    }
}
