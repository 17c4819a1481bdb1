using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Worker.Web;

/// <summary>
/// Follows the transitions output of all partitions while anybody looks, and hands every record to every open stream, whichever instance decided it. The
/// newest few come first, so that a page that opens shows something.
/// </summary>
public sealed class TransitionFeed(ITransitionSink sink, int partitionCount, TimeProvider time) : BackgroundService
{
    private const int RecentMax = 100;

    // A stream that is this far behind is a reader that went away without a word.
    private const int BehindMax = 10_000;

    // Seen by a person as at once, and four questions a second and partition to a broker.
    private static readonly TimeSpan pollInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly Queue<FeedItem> recent = new();
    private readonly HashSet<Channel<FeedItem>> streams = [];
    private readonly Channel<bool> opened = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly long[] positions = new long[partitionCount];

    /// <summary>Streams open now.</summary>
    public int OpenStreams
    {
        get
        {
            lock (gate)
                return streams.Count;
        }
    }

    /// <summary>The newest transitions, then each as it is published, until cancelled; ends early for a reader that does not keep up.</summary>
    public async IAsyncEnumerable<FeedItem> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var stream = Channel.CreateBounded<FeedItem>(new BoundedChannelOptions(BehindMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        FeedItem[] earlier;
        lock (gate)
        {
            earlier = [.. recent];
            streams.Add(stream);
        }
        opened.Writer.TryWrite(true);
        try
        {
            foreach (FeedItem item in earlier)
                yield return item;
            await foreach (FeedItem item in stream.Reader.ReadAllAsync(cancellation))
                yield return item;
        }
        finally
        {
            lock (gate)
                streams.Remove(stream);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(pollInterval, time);
        while (await opened.Reader.WaitToReadAsync(stoppingToken))
        {
            opened.Reader.TryRead(out _);
            await PollAllAsync(SkipToRecentAsync, stoppingToken);
            while (OpenStreams > 0 && await timer.WaitForNextTickAsync(stoppingToken))
                await PollAllAsync(ReadNewAsync, stoppingToken);
        }
    }

    private async Task PollAllAsync(Func<int, CancellationToken, Task> poll, CancellationToken cancellation)
    {
        try
        {
            for (int partition = 0; partition < partitionCount; partition++)
                await poll(partition, cancellation);
        }
        catch (TransitionSinkException)
        {
            // The output is away; the engine says so itself, and the next poll goes on where this one stopped.
        }
    }

    /// <summary>What was published while nobody looked is skipped but for the newest.</summary>
    private async Task SkipToRecentAsync(int partition, CancellationToken cancellation) =>
        positions[partition] = Math.Max(positions[partition], await sink.EndPositionAsync(partition, cancellation) - RecentMax);

    private async Task ReadNewAsync(int partition, CancellationToken cancellation)
    {
        await foreach (PublishedRecord record in sink.ReadAsync(partition, positions[partition], cancellation))
        {
            positions[partition] = record.Position + 1;
            if (record.Value is not null)
                Publish(new FeedItem($"{partition}-{record.Position}", Encoding.UTF8.GetString(record.Value)));
        }
    }

    private void Publish(FeedItem item)
    {
        lock (gate)
        {
            recent.Enqueue(item);
            if (recent.Count > RecentMax)
                recent.Dequeue();
            foreach (Channel<FeedItem> stream in streams)
                if (!stream.Writer.TryWrite(item))
                    stream.Writer.TryComplete();
        }
    }
}

/// <summary>One published transition.</summary>
/// <param name="Id">Its place in the output, <c>partition-position</c>.</param>
/// <param name="Json">The CloudEvents JSON as published.</param>
public readonly record struct FeedItem(string Id, string Json);
