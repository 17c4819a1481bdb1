using System.Runtime.CompilerServices;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Worker.Web.Streams;

/// <summary>
/// Follows the transitions output of all partitions while anybody looks, once for the whole process, and hands every record to every reader, whichever
/// instance decided it.
/// </summary>
/// <param name="heartbeatInterval">Readers hear of the feed at least this often, also when nothing is published; not all at once.</param>
public sealed class TransitionFeed(ITransitionSink sink, int partitionCount, TimeSpan heartbeatInterval, TimeProvider time) : BackgroundService
{
    private const int RecentMax = 5_000;

    // Seen by a person as at once, and a few questions a second and partition to a broker.
    private static readonly TimeSpan pollInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly Queue<FeedItem> recent = new();
    private readonly FeedReaders readers = new((long)(heartbeatInterval.TotalSeconds * time.TimestampFrequency));
    private readonly HashSet<FeedReader> present = [];
    private readonly SemaphoreSlim entered = new(0);
    private readonly long[] positions = new long[partitionCount];
    private readonly long[] recentFrom = new long[partitionCount];
    private TaskCompletionSource current = NewSignal();

    /// <summary>Partitions of the output.</summary>
    public int PartitionCount => partitionCount;

    /// <summary>While the output can be read, each reader hears of the feed at least this often.</summary>
    public TimeSpan HeartbeatInterval => heartbeatInterval;

    /// <summary>A reader that starts at <paramref name="from"/>; disposing it ends it.</summary>
    /// <param name="from">First positions to read, as of <see cref="Cursor"/>; null = only what is published from now on.</param>
    public FeedReader Open(TransitionFilter filter, long[]? from) => new(this, filter, from);

    /// <summary>The present end of the output.</summary>
    /// <exception cref="TransitionSinkException">The output cannot be read.</exception>
    public async Task<long[]> EndAsync(CancellationToken cancellation) => await Task.WhenAll(
        Enumerable.Range(0, partitionCount).Select(partition => sink.EndPositionAsync(partition, cancellation).AsTask()));

    /// <summary>The items of a partition from a position to its present end.</summary>
    /// <exception cref="TransitionSinkException">The output cannot be read.</exception>
    public async IAsyncEnumerable<FeedItem> ReadOutputAsync(int partition, long from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (PublishedRecord record in sink.ReadAsync(partition, from, cancellation))
        {
            if (FeedItemReader.Read(partition, record) is FeedItem item)
                yield return item;
        }
    }

    /// <summary>Tells that somebody looks, and waits until the feed runs.</summary>
    internal async Task EnterAsync(FeedReader reader, CancellationToken cancellation)
    {
        Task running;
        lock (gate)
        {
            if (present.Add(reader) && present.Count == 1)
                entered.Release();
            running = current.Task;
        }
        await running.WaitAsync(cancellation);
    }

    /// <summary>
    /// Joins a reader to the feed, at its present end when <paramref name="from"/> is null, else when everything from there on is at hand; if not, says how far
    /// the reader has to read by itself.
    /// </summary>
    internal bool TryJoin(FeedReader reader, long[]? from, out long[] ends)
    {
        lock (gate)
        {
            ends = [.. positions];
            for (int partition = 0; from is not null && partition < partitionCount; partition++)
            {
                if (from[partition] < recentFrom[partition])
                    return false;
            }
            reader.Join(from ?? positions);
            foreach (FeedItem item in recent)
                reader.Offer(item);
            readers.Add(reader, time.GetTimestamp());
            return true;
        }
    }

    /// <summary>Ends a reader.</summary>
    internal void Leave(FeedReader reader)
    {
        lock (gate)
        {
            readers.Remove(reader);
            present.Remove(reader);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(pollInterval, time);
        while (true)
        {
            await entered.WaitAsync(stoppingToken);
            while (!await TryAsync(SkipToRecentAsync, stoppingToken))
                await timer.WaitForNextTickAsync(stoppingToken);
            current.TrySetResult();
            while (IsWatched())
            {
                // None while the output cannot be read: a heartbeat says that a client has missed nothing.
                if (await TryAsync(ReadNewAsync, stoppingToken))
                    Heartbeat();
                await timer.WaitForNextTickAsync(stoppingToken);
            }
        }
    }

    /// <summary>False, from the same moment on for everybody, when nobody is left: whoever enters next waits for the next start.</summary>
    private bool IsWatched()
    {
        lock (gate)
        {
            if (present.Count > 0)
                return true;
            current = NewSignal();
            return false;
        }
    }

    private async Task<bool> TryAsync(Func<int, CancellationToken, Task> read, CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, partitionCount).Select(partition => read(partition, cancellation)));
            return true;
        }
        catch (TransitionSinkException)
        {
            // The output is away; the engine says so itself, and the next poll goes on where this one stopped.
            return false;
        }
    }

    /// <summary>What was published while nobody looked is skipped but for the newest; a reader that wants it reads the output.</summary>
    private async Task SkipToRecentAsync(int partition, CancellationToken cancellation)
    {
        long from = await sink.EndPositionAsync(partition, cancellation) - RecentMax / partitionCount;
        lock (gate)
        {
            if (from > positions[partition])
                (positions[partition], recentFrom[partition]) = (from, from);
        }
        await ReadNewAsync(partition, cancellation);
    }

    private async Task ReadNewAsync(int partition, CancellationToken cancellation)
    {
        await foreach (PublishedRecord record in sink.ReadAsync(partition, positions[partition], cancellation))
            Publish(partition, record);
    }

    private void Publish(int partition, PublishedRecord record)
    {
        FeedItem? item = FeedItemReader.Read(partition, record);
        lock (gate)
        {
            positions[partition] = record.Position + 1;
            if (item is null)
                return;
            recent.Enqueue(item);
            if (recent.Count > RecentMax)
            {
                FeedItem oldest = recent.Dequeue();
                recentFrom[oldest.Partition] = Math.Max(recentFrom[oldest.Partition], oldest.Position + 1);
            }
            readers.Offer(item);
        }
    }

    private void Heartbeat()
    {
        lock (gate)
            readers.Heartbeat(positions, time.GetTimestamp());
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
