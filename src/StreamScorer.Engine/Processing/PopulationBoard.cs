using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// The latest sketch of every partition, own and foreign, merged into one <see cref="Population"/>. Safe for concurrent use; a snapshot is immutable.
/// </summary>
public sealed class PopulationBoard(ScoringRules rules, int partitionCount)
{
    private readonly Lock gate = new();
    private readonly byte[]?[] sketches = new byte[partitionCount][];
    private Population current = Population.None;
    private long version;

    /// <summary>The newest snapshot; <see cref="Population.None"/> until the first sketch is known.</summary>
    public Population Current => Volatile.Read(ref current);

    /// <summary>Replaces one partition's sketch and merges anew.</summary>
    public Population Put(int partition, byte[] sketch)
    {
        lock (gate)
        {
            sketches[partition] = sketch;
            return Merge_NeedsLock();
        }
    }

    /// <summary>Takes the sketches of partitions that other instances own from the store.</summary>
    /// <param name="isOwn">Whether this instance owns a partition; its own sketch is newer than the stored one.</param>
    public async ValueTask RefreshAsync(IStateStore store, Predicate<int> isOwn, CancellationToken cancellation)
    {
        IReadOnlyList<byte[]?> stored = await store.ReadPopulationsAsync(partitionCount, cancellation).ConfigureAwait(false);
        lock (gate)
        {
            for (int partition = 0; partition < stored.Count; partition++)
            {
                if (!isOwn(partition))
                    sketches[partition] = stored[partition] ?? sketches[partition];
            }
            Merge_NeedsLock();
        }
    }

    private Population Merge_NeedsLock()
    {
        var merged = new PopulationSketch();
        foreach (byte[]? encoded in sketches)
        {
            if (encoded is not null && PopulationSketch.Decode(encoded) is { } sketch)
                merged.Merge(sketch);
        }
        Volatile.Write(ref current, new Population(++version, merged, rules.Policy.Schemes.Pyramid));
        return current;
    }
}
