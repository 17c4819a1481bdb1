using StreamScorer.Engine.Commit;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// Who was erased and up to when: events of such a customer that are not later than the erasure are ignored, whether they come late, twice or again from a
/// replay. Ids are kept as keyed hashes only. Markers end by the partition's clock, so that a replay ends them where the first run did.
/// </summary>
/// <param name="key">Secret of the hashes.</param>
/// <param name="timeToLiveMs">How long after the erasure a marker is kept.</param>
public sealed class ErasureMarkers(UInt128 key, long timeToLiveMs)
{
    private readonly Dictionary<ulong, long> erasedAtMs = [];
    private long oldestMs = long.MaxValue;

    /// <summary>Markers held.</summary>
    public int Count => erasedAtMs.Count;

    /// <summary>Restores a stored marker.</summary>
    public void Load(ulong customerHash, long atMs)
    {
        erasedAtMs[customerHash] = atMs;
        oldestMs = Math.Min(oldestMs, atMs);
    }

    /// <summary>True when an event of the customer at <paramref name="timeMs"/> is to be ignored while the partition's clock is at <paramref name="clockMs"/>.</summary>
    public bool Covers(ReadOnlySpan<byte> customerId, long timeMs, long clockMs) =>
        erasedAtMs.Count > 0 && erasedAtMs.TryGetValue(SipHash.Of(customerId, key), out long atMs) && timeMs <= atMs && !IsOver(atMs, clockMs);

    /// <summary>Marks a customer and adds that to the commit.</summary>
    public void Mark(ReadOnlySpan<byte> customerId, long atMs, PartitionCommit commit)
    {
        ulong hash = SipHash.Of(customerId, key);
        Load(hash, atMs);
        commit.PutErasure(hash, atMs);
    }

    /// <summary>Ends the markers that are too old at <paramref name="clockMs"/>, and adds that to the commit.</summary>
    public void Expire(long clockMs, PartitionCommit commit)
    {
        if (erasedAtMs.Count == 0 || !IsOver(oldestMs, clockMs))
            return;
        foreach ((ulong hash, long _) in erasedAtMs.Where(marker => IsOver(marker.Value, clockMs)).ToList())
        {
            erasedAtMs.Remove(hash);
            commit.RemoveErasure(hash);
        }
        oldestMs = erasedAtMs.Count == 0 ? long.MaxValue : erasedAtMs.Values.Min();
    }

    private bool IsOver(long atMs, long clockMs) => clockMs != long.MinValue && clockMs - atMs > timeToLiveMs;
}
