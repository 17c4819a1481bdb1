namespace StreamScorer.Engine.Source;

/// <summary>Port: where transactions come from. Implemented by Kafka, by the standalone log and by the in-memory log of the tests.</summary>
public interface IEventSource : IAsyncDisposable
{
    /// <summary>Name of the input, part of the state store's keys (the Kafka topic).</summary>
    string Topic { get; }

    /// <summary>Connects and returns the number of partitions of the input.</summary>
    /// <exception cref="EventSourceException">The input does not exist or cannot be reached; the message names the fix.</exception>
    ValueTask<int> OpenAsync(CancellationToken cancellation);

    /// <summary>
    /// Owns partitions and delivers their records until <paramref name="stopping"/>; then revokes what is left, so that owners drain, and returns.
    /// All calls to <paramref name="owner"/> come from one thread at a time.
    /// </summary>
    Task RunAsync(IPartitionOwner owner, CancellationToken stopping);

    /// <summary>Lowest offset still readable and the offset that follows the last record.</summary>
    ValueTask<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellation);

    /// <summary>What identifies the record at an offset, or null when there is no readable record at exactly this offset.</summary>
    ValueTask<RecordIdentity?> IdentifyAsync(int partition, long offset, CancellationToken cancellation);

    /// <summary>
    /// Advances the offset that lag tools see (the consumer group's). Processing never starts from it, so it may be lost or refused.
    /// </summary>
    void ReportProgress(int partition, long nextOffset);

    /// <summary>The offset last reported by any instance, or -1 when there is none: tells a store that has lost its state from a new one.</summary>
    ValueTask<long> GetProgressAsync(int partition, CancellationToken cancellation);
}

/// <summary>What tells a record from another one at the same offset, so that a recreated input is noticed.</summary>
/// <param name="TimestampMs">Broker or producer timestamp, unix milliseconds.</param>
/// <param name="ValueHash">Hash of the value (<see cref="Of"/>).</param>
public readonly record struct RecordIdentity(long TimestampMs, uint ValueHash)
{
    /// <summary>The identity of a record.</summary>
    public static RecordIdentity Of(long timestampMs, ReadOnlySpan<byte> value) => new(timestampMs, (uint)Scoring.Events.StableHash.Of(value));
}

/// <summary>Readable offsets of a partition: <paramref name="Low"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct OffsetRange(long Low, long End);

/// <summary>What the engine does when partitions come and go.</summary>
public interface IPartitionOwner
{
    /// <summary>This instance now owns these partitions. Returns at once; each is started later with <see cref="PartitionAssignment.StartAt"/>.</summary>
    void Assigned(IReadOnlyList<PartitionAssignment> assignments);

    /// <summary>
    /// The partitions go to another owner. Returns when their intake is stopped, commits and publishing are drained (bounded by the engine's
    /// <c>RevokeDrainMax</c>) and memory is dropped. Blocking is allowed here.
    /// </summary>
    void Revoked(IReadOnlyList<PartitionAssignment> assignments);

    /// <summary>The partitions already belong to somebody else: drop everything, write nothing.</summary>
    void Lost(IReadOnlyList<PartitionAssignment> assignments);
}

/// <summary>The input cannot be used; the message says why and what to do.</summary>
public sealed class EventSourceException(string message, Exception? inner = null) : PortException(message, inner);
