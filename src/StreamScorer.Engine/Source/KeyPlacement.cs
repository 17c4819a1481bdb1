namespace StreamScorer.Engine.Source;

/// <summary>
/// Learns from keyed records how producers choose a partition, and once that is agreed on, tells the records that lie elsewhere: one customer in two
/// partitions would be two customers. Shared by all partitions of an instance.
/// </summary>
/// <param name="partitionCount">Partitions of the input; with one there is nothing to learn.</param>
public sealed class KeyPlacement(int partitionCount)
{
    /// <summary>Keyed records that decide.</summary>
    public const int RecordsToLearn = 1_000;

    // A few strays must not hide the rule; by chance another rule fits half of the records at most.
    private const int MatchesNeeded = 950;
    private int seen;
    private int murmur2Matches;
    private int crc32Matches;
    private volatile PartitionerKind enforced;

    /// <summary>The rule that records must follow; unknown = none yet.</summary>
    public PartitionerKind Enforced
    {
        get => enforced;
        set => enforced = value;
    }

    /// <summary>The rule that the first records follow; unknown until there are enough of them, and for ever when they follow none of those known.</summary>
    public PartitionerKind Learned =>
        Volatile.Read(ref seen) < RecordsToLearn || partitionCount == 1 ? PartitionerKind.Unknown
        : Volatile.Read(ref murmur2Matches) >= MatchesNeeded ? PartitionerKind.Murmur2
        : Volatile.Read(ref crc32Matches) >= MatchesNeeded ? PartitionerKind.Crc32
        : PartitionerKind.Unknown;

    /// <summary>Looks at a keyed record; false when it does not belong where it is.</summary>
    public bool Accepts(ReadOnlySpan<byte> key, int partition)
    {
        if (enforced != PartitionerKind.Unknown)
            return PartitionOf(key, enforced) == partition;
        if (Volatile.Read(ref seen) < RecordsToLearn)
            Learn(key, partition);
        return true;
    }

    /// <summary>Where a rule puts a key; murmur2 when it is unknown.</summary>
    public int PartitionOf(ReadOnlySpan<byte> key, PartitionerKind kind) =>
        kind == PartitionerKind.Crc32 ? Partitioner.Crc32(key, partitionCount) : Partitioner.Murmur2(key, partitionCount);

    private void Learn(ReadOnlySpan<byte> key, int partition)
    {
        // The matches first: whoever sees the last record counted sees what it matched.
        if (PartitionOf(key, PartitionerKind.Murmur2) == partition)
            Interlocked.Increment(ref murmur2Matches);
        if (PartitionOf(key, PartitionerKind.Crc32) == partition)
            Interlocked.Increment(ref crc32Matches);
        Interlocked.Increment(ref seen);
    }
}
