namespace StreamScorer.Engine.Publish;

/// <summary>Port: where transitions and dead letters go. Implemented by Kafka, by the standalone log and by the in-memory log of the tests.</summary>
public interface ITransitionSink : IAsyncDisposable
{
    /// <summary>Connects and checks that the output has as many partitions as the input.</summary>
    /// <exception cref="TransitionSinkException">It does not exist, has another partition count or cannot be reached; the message names the fix.</exception>
    ValueTask OpenAsync(int partitionCount, CancellationToken cancellation);

    /// <summary>
    /// Publishes the entries in order to their topics, in output partition = <paramref name="partition"/>, and completes when all are acknowledged.
    /// Retries by itself until cancelled; never reorders. Calls for one partition do not overlap.
    /// </summary>
    /// <returns>The position that follows the last acknowledged transition (or tombstone), or -1 when there was none among the entries.</returns>
    ValueTask<long> PublishAsync(int partition, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellation);

    /// <summary>Position that the next published transition of the partition will get.</summary>
    ValueTask<long> EndPositionAsync(int partition, CancellationToken cancellation);

    /// <summary>
    /// The transitions of a partition from <paramref name="fromPosition"/> to the present end, in order, dead letters excluded.
    /// </summary>
    IAsyncEnumerable<PublishedRecord> ReadAsync(int partition, long fromPosition, CancellationToken cancellation);

    /// <summary>The dead letters of a partition from <paramref name="fromPosition"/> (of the dead-letter output) to the present end, in order.</summary>
    IAsyncEnumerable<PublishedRecord> ReadDeadLettersAsync(int partition, long fromPosition, CancellationToken cancellation);
}

/// <summary>A record as read back from the transitions output.</summary>
/// <param name="Value">Null for a tombstone.</param>
public sealed record PublishedRecord(long Position, byte[]? Key, byte[]? Value, IReadOnlyList<KeyValuePair<string, byte[]?>> Headers);

/// <summary>The output cannot be used; the message says why and what to do.</summary>
public sealed class TransitionSinkException(string message, Exception? inner = null) : PortException(message, inner);
