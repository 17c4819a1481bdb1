using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Web.Ingest;

/// <summary>
/// Backpressure: refuses events while the requests under way hold too many bytes, or while the input is further ahead of the stored state than the
/// configuration allows. What is refused was not stored and can be sent again.
/// </summary>
/// <param name="pendingBytesMax">Most bytes of request bodies under way.</param>
/// <param name="backlogMax">Most records of a partition that are durable and not scored.</param>
internal sealed class IngestLimit(Deployment deployment, long pendingBytesMax, long backlogMax, TimeProvider time)
{
    /// <summary>When a refused client may come back.</summary>
    public const string RetryAfterSeconds = "1";

    // The backlog changes by what fits into this time, and looking at it costs a query per partition.
    private static readonly TimeSpan backlogAge = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private Task<long>? backlog;
    private long looked;
    private long pendingBytes;

    /// <summary>A place for a body of this size; null when there is none.</summary>
    public async ValueTask<IngestPlace?> TryEnterAsync(int bytes, CancellationToken cancellation)
    {
        if (await BacklogAsync().WaitAsync(cancellation) > backlogMax)
            return null;
        var place = new IngestPlace(this, bytes);
        if (Interlocked.Add(ref pendingBytes, bytes) <= pendingBytesMax)
            return place;
        place.Dispose();
        return null;
    }

    /// <summary>Gives a place back.</summary>
    internal void Leave(int bytes) => Interlocked.Add(ref pendingBytes, -bytes);

    private Task<long> BacklogAsync()
    {
        lock (gate)
        {
            if (backlog is null || backlog.IsFaulted || (backlog.IsCompleted && time.GetElapsedTime(looked) > backlogAge))
            {
                looked = time.GetTimestamp();
                backlog = LookAsync();
            }
            return backlog;
        }
    }

    private async Task<long> LookAsync()
    {
        long[] partitions = await Task.WhenAll(Enumerable.Range(0, deployment.PartitionCount).Select(async partition =>
        {
            OffsetRange offsets = await deployment.Source.GetOffsetsAsync(partition, CancellationToken.None);
            PartitionMeta meta = await deployment.Store.ReadMetaAsync(partition, CancellationToken.None) ?? PartitionMeta.Empty;
            return offsets.End - Math.Max(offsets.Low, meta.Offset);
        }));
        return partitions.Max();
    }
}

/// <summary>A body under way; disposing gives its bytes back.</summary>
internal sealed class IngestPlace(IngestLimit limit, int bytes) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => limit.Leave(bytes);
}
