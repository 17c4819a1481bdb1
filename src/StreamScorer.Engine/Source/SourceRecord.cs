namespace StreamScorer.Engine.Source;

/// <summary>One record as it was read: raw bytes, valid as long as its <see cref="RecordBatch"/>.</summary>
public readonly ref struct SourceRecord
{
    /// <summary>Position in the partition, from 0.</summary>
    public required long Offset { get; init; }

    /// <summary>Broker or producer timestamp, unix milliseconds.</summary>
    public required long TimestampMs { get; init; }

    /// <summary>False for a null key, which differs from an empty one.</summary>
    public required bool HasKey { get; init; }

    /// <summary>False for a null value: a tombstone.</summary>
    public required bool HasValue { get; init; }

    /// <summary>Key bytes; empty when null.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Value bytes; empty when null.</summary>
    public required ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Headers as packed by <see cref="RecordHeaders"/>; empty for none.</summary>
    public required ReadOnlySpan<byte> Headers { get; init; }
}
