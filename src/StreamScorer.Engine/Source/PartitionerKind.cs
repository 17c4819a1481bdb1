namespace StreamScorer.Engine.Source;

/// <summary>How producers choose a key's partition.</summary>
public enum PartitionerKind
{
    /// <summary>Not learned yet, or none of those known: any partition is accepted.</summary>
    Unknown,

    /// <summary><see cref="Partitioner.Murmur2"/>: Java clients.</summary>
    Murmur2,

    /// <summary><see cref="Partitioner.Crc32"/>: librdkafka's default.</summary>
    Crc32,
}
