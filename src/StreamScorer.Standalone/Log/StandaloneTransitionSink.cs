using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Publish;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.Log;

/// <summary>
/// Publishes into the log of the standalone file. Not flushed by itself: a power failure that undoes a publication also undoes every later write
/// of the same file, the trim of the outbox among them, so it is published again.
/// </summary>
/// <param name="time">Stamps the records, and paces the attempts while the disk is full; null = the system's.</param>
public sealed class StandaloneTransitionSink(StandaloneLog log, TimeProvider? time = null) : ITransitionSink
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
    private readonly TimeProvider time = time ?? TimeProvider.System;

    // Calls for one partition do not overlap, so that each has its blocks for good.
    private readonly (LogBlocks Transitions, LogBlocks DeadLetters)[] blocks =
        [.. Enumerable.Range(0, log.PartitionCount).Select(_ => (new LogBlocks(), new LogBlocks()))];

    /// <inheritdoc/>
    public ValueTask OpenAsync(int partitionCount, CancellationToken cancellation) => partitionCount == log.PartitionCount
        ? ValueTask.CompletedTask
        : throw new TransitionSinkException(
            $"the standalone log has {log.PartitionCount} partitions, the input has {partitionCount}; use the standalone log for both");

    /// <inheritdoc/>
    public async ValueTask<long> PublishAsync(int partition, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellation)
    {
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        (LogBlocks transitions, LogBlocks deadLetters) = blocks[partition];
        transitions.Clear();
        deadLetters.Clear();
        foreach (OutboxEntry entry in entries)
        {
            LogBlocks target = entry.Kind == OutboxKind.DeadLetter ? deadLetters : transitions;
            target.Add(nowMs, entry.Key is not null, entry.Key, entry.Value is not null, entry.Value, entry.Headers);
        }
        using var pause = new PeriodicTimer(RetryPause, time);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return await log.PublishAsync(partition, transitions, deadLetters);
            }
            catch (SqliteException)
            {
                // Disk full or failing: none of the blocks was written, so the attempt can be repeated without a repeat in the log.
                await pause.WaitForNextTickAsync(cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> EndPositionAsync(int partition, CancellationToken cancellation) =>
        ValueTask.FromResult(ReadFailure.OfOutput(() => log.GetOffsets(StandaloneLog.Transitions, partition).End));

    /// <inheritdoc/>
    public IAsyncEnumerable<PublishedRecord> ReadAsync(int partition, long fromPosition, CancellationToken cancellation) =>
        ReadAsync(StandaloneLog.Transitions, partition, fromPosition, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<PublishedRecord> ReadDeadLettersAsync(int partition, long fromPosition, CancellationToken cancellation) =>
        ReadAsync(StandaloneLog.DeadLetters, partition, fromPosition, cancellation);

    /// <summary>Nothing: whoever opened the database closes it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async IAsyncEnumerable<PublishedRecord> ReadAsync(
        string topic, int partition, long fromPosition, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        long end = ReadFailure.OfOutput(() => log.GetOffsets(topic, partition).End);
        while (fromPosition < end)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<PublishedRecord> page = ReadFailure.OfOutput(() => log.ReadBlock(topic, partition, fromPosition));
            if (page.Count == 0)
            {
                throw new TransitionSinkException(
                    $"the standalone file is damaged: {topic}, partition {partition}, has no record {fromPosition} although it goes on to {end}; restore a backup");
            }
            foreach (PublishedRecord record in page)
                yield return record;
            fromPosition = page[^1].Position + 1;
        }
    }
}
