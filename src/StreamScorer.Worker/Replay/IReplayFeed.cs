namespace StreamScorer.Worker.Replay;

/// <summary>Where a replay appends the file's records: the standalone log, or a Kafka topic. One caller at a time.</summary>
internal interface IReplayFeed : IAsyncDisposable
{
    /// <summary>Appends one record; copies what it keeps.</summary>
    /// <param name="key">Customer id; empty for a record without one, which gets no key.</param>
    /// <param name="value">Event JSON, or the original bytes of what could not be used.</param>
    /// <param name="timeUnixMs">When it happened, unix milliseconds; 0 when unknown.</param>
    ValueTask AppendAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, long timeUnixMs, CancellationToken cancellation);

    /// <summary>Appends a clock record to every partition, which lets the clock run to <paramref name="timeUnixMs"/> without an event.</summary>
    ValueTask AppendClockAsync(byte[] value, long timeUnixMs, CancellationToken cancellation);

    /// <summary>Completes when everything appended is durable.</summary>
    ValueTask FlushAsync(CancellationToken cancellation);
}
