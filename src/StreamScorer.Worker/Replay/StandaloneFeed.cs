using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Log;

namespace StreamScorer.Worker.Replay;

/// <summary>Appends to the standalone log in large blocks, so that thousands of records share a flush to disk.</summary>
internal sealed class StandaloneFeed(StandaloneLog log) : IReplayFeed
{
    private readonly LogBlock[] filling = NewBlocks(log.PartitionCount);
    private readonly LogBlock[] writing = NewBlocks(log.PartitionCount);
    private readonly Task[] writes = [.. Enumerable.Repeat(Task.CompletedTask, log.PartitionCount)];
    private int withoutKey;

    /// <inheritdoc/>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, long timeUnixMs, CancellationToken cancellation)
    {
        bool hasKey = !key.IsEmpty;
        int partition = hasKey ? Partitioner.Murmur2(key.Span, filling.Length) : withoutKey++ % filling.Length;
        filling[partition].Add(timeUnixMs, hasKey, key.Span, hasValue: true, value.Span, headers: default);
        return filling[partition].IsFull ? new ValueTask(WriteAsync(partition)) : ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask AppendClockAsync(byte[] value, long timeUnixMs, CancellationToken cancellation)
    {
        for (int partition = 0; partition < filling.Length; partition++)
        {
            if (filling[partition].IsFull)
                await WriteAsync(partition);
            filling[partition].Add(timeUnixMs, hasKey: false, key: default, hasValue: true, value, headers: default);
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        for (int partition = 0; partition < filling.Length; partition++)
            await WriteAsync(partition);
        await Task.WhenAll(writes);
    }

    /// <summary>Nothing: whoever opened the log closes it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts the write of the filled block and goes on with the other one, once that one is on disk.</summary>
    private async Task WriteAsync(int partition)
    {
        await writes[partition];
        (filling[partition], writing[partition]) = (writing[partition], filling[partition]);
        filling[partition].Clear();
        if (writing[partition].Count > 0)
            writes[partition] = log.AppendAsync(partition, writing[partition]);
    }

    private static LogBlock[] NewBlocks(int count) => [.. Enumerable.Range(0, count).Select(_ => new LogBlock())];
}
