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
    private readonly PopulationSketch?[] sketches = new PopulationSketch?[partitionCount];
    private readonly PopulationSketch merged = new();
    private Population current = Population.None;
    private long version;

    /// <summary>The newest snapshot; <see cref="Population.None"/> until the first sketch is known.</summary>
    public Population Current => Volatile.Read(ref current);

    /// <summary>The same sketches as other rules see them; each partition then replaces its own.</summary>
    public PopulationBoard Under(ScoringRules next)
    {
        var board = new PopulationBoard(next, partitionCount);
        lock (gate)
        {
            sketches.CopyTo(board.sketches);
            board.merged.Merge(merged);
            board.Snapshot_NeedsLock();
        }
        return board;
    }

    /// <summary>Replaces one partition's sketch and merges anew.</summary>
    /// <param name="partition">Partition number.</param>
    /// <param name="sketch">Not changed afterwards.</param>
    public Population Put(int partition, PopulationSketch sketch)
    {
        lock (gate)
        {
            Replace_NeedsLock(partition, sketch);
            return Snapshot_NeedsLock();
        }
    }

    /// <summary>Takes the sketches of partitions that other instances own from the store.</summary>
    /// <param name="isOwn">Whether this instance owns a partition; its own sketch is newer than the stored one.</param>
    public async ValueTask RefreshAsync(IStateStore store, Predicate<int> isOwn, CancellationToken cancellation)
    {
        IReadOnlyList<byte[]?> stored = await store.ReadPopulationsAsync(partitionCount, cancellation);
        lock (gate)
        {
            for (int partition = 0; partition < stored.Count; partition++)
            {
                if (!isOwn(partition) && stored[partition] is { } encoded && PopulationSketch.Decode(encoded) is { } sketch)
                    Replace_NeedsLock(partition, sketch);
            }
            Snapshot_NeedsLock();
        }
    }

    // Histograms are linear: taking the old one out and putting the new one in is the same as merging all anew, and does not grow with the partitions.
    private void Replace_NeedsLock(int partition, PopulationSketch sketch)
    {
        if (sketches[partition] is { } old)
            merged.Remove(old);
        merged.Merge(sketch);
        sketches[partition] = sketch;
    }

    private Population Snapshot_NeedsLock()
    {
        Volatile.Write(ref current, new Population(++version, merged.Copy(), rules.Schemes));
        return current;
    }
}
