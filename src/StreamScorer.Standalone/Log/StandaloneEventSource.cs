using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.Log;

/// <summary>Delivers the transactions of the standalone log. The file has one owner, so all partitions are always this instance's.</summary>
/// <param name="batchSizeMax">Records per delivered batch at most.</param>
/// <param name="queuedBatchesMax">Batches that wait for a partition processor at most.</param>
public sealed class StandaloneEventSource(StandaloneLog log, int batchSizeMax = 500, int queuedBatchesMax = 8) : IEventSource
{
    /// <inheritdoc/>
    public string Topic => StandaloneLog.Transactions;

    /// <inheritdoc/>
    public ValueTask<int> OpenAsync(CancellationToken cancellation) => ValueTask.FromResult(log.PartitionCount);

    /// <inheritdoc/>
    public async Task RunAsync(IPartitionOwner owner, CancellationToken stopping)
    {
        PartitionDelivery[] deliveries =
            [.. Enumerable.Range(0, log.PartitionCount).Select(partition => new PartitionDelivery(log, partition, batchSizeMax, queuedBatchesMax))];
        PartitionAssignment[] assignments = [.. deliveries.Select(delivery => delivery.Assignment)];
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = stopping.Register(stopped.SetResult);
        using var ended = new CancellationTokenSource();
        log.Appended += Wake;
        try
        {
            foreach (PartitionDelivery delivery in deliveries)
                delivery.Wake(log.GetOffsets(Topic, delivery.Assignment.Partition).End);
            owner.Assigned(assignments);
            Task[] delivering = [.. deliveries.Select(delivery => Task.Run(() => delivery.RunAsync(ended.Token), CancellationToken.None))];
            // A delivery ends by itself only when the file cannot be read: then everything stops.
            await Task.WhenAny([stopped.Task, .. delivering]);
            owner.Revoked(assignments);
            await ended.CancelAsync();
            await Task.WhenAll(delivering);
        }
        catch (SqliteException exception)
        {
            throw new EventSourceException($"the standalone log cannot be read: {exception.Message} Restore the file from a backup.", exception);
        }
        finally
        {
            log.Appended -= Wake;
            foreach (PartitionAssignment assignment in assignments)
                assignment.Writer.TryComplete();
        }

        void Wake(int partition, long endOffset) => deliveries[partition].Wake(endOffset);
    }

    /// <inheritdoc/>
    public ValueTask<OffsetRange> GetOffsetsAsync(int partition, CancellationToken cancellation) =>
        ValueTask.FromResult(ReadFailure.OfInput(() => log.GetOffsets(StandaloneLog.Transactions, partition)));

    /// <inheritdoc/>
    public ValueTask<RecordIdentity?> IdentifyAsync(int partition, long offset, CancellationToken cancellation) =>
        ValueTask.FromResult(ReadFailure.OfInput(() => log.Identify(StandaloneLog.Transactions, partition, offset)));

    /// <summary>-1: the log and the state are one file, which cannot be lost in part.</summary>
    public ValueTask<long> GetProgressAsync(int partition, CancellationToken cancellation) => ValueTask.FromResult(-1L);

    /// <summary>Nothing: there is no consumer group to tell.</summary>
    public void ReportProgress(int partition, long nextOffset)
    {
    }

    /// <summary>Nothing: whoever opened the database closes it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
