using StreamScorer.Engine.Source;

namespace StreamScorer.Contracts;

/// <summary>An empty input with two partitions, of the implementation under test.</summary>
public abstract class EventSourceHarness : IAsyncDisposable
{
    /// <summary>Partitions of the input.</summary>
    public const int PartitionCount = 2;

    /// <summary>Records that a batch may have at most.</summary>
    public const int BatchSizeMax = 10;

    /// <summary>Batches that may wait in an assignment at most.</summary>
    public const int QueuedBatchesMax = 2;

    /// <summary>A source of this input.</summary>
    public abstract IEventSource Connect();

    /// <summary>Appends records to a partition; completes when they are stored.</summary>
    public abstract Task AppendAsync(int partition, params IReadOnlyList<InputRecord> records);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A record to append.</summary>
/// <param name="Headers">In order; names may repeat and values may be null.</param>
public sealed record InputRecord(byte[]? Key, byte[]? Value, long TimestampMs, IReadOnlyList<KeyValuePair<string, byte[]?>> Headers)
{
    /// <summary>Records whose values are the numbers from <paramref name="first"/> on.</summary>
    public static IReadOnlyList<InputRecord> Numbers(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(n => new InputRecord("k"u8.ToArray(), BitConverter.GetBytes(n), 1_000 + n, []))];
}
