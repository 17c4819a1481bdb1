using StreamScorer.Kafka;

namespace StreamScorer.Worker.Replay;

/// <summary>Appends to the transactions topic, in the partitions that Java's producer would choose.</summary>
internal sealed class KafkaFeed(KafkaLogWriter writer, int partitionCount) : IReplayFeed
{
    private int withoutKey;

    /// <inheritdoc/>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, long timeUnixMs, CancellationToken cancellation)
    {
        if (key.IsEmpty)
            await writer.AppendAsync(withoutKey++ % partitionCount, key: null, value.ToArray(), headers: [], cancellation);
        else
            await writer.AppendAsync(key.ToArray(), value.ToArray(), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask AppendClockAsync(byte[] value, long timeUnixMs, CancellationToken cancellation)
    {
        for (int partition = 0; partition < partitionCount; partition++)
            await writer.AppendAsync(partition, key: null, value, headers: [], cancellation);
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation) => writer.FlushAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
