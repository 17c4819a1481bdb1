using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Worker.Web;

/// <summary>
/// Follows the transitions output of all partitions and hands every record to every open stream, whichever instance decided it. The newest few are kept,
/// so that a page that opens shows something.
/// </summary>
public sealed class TransitionFeed(ITransitionSink sink, int partitionCount, TimeProvider time) : BackgroundService
{
    private const int RecentMax = 100;

    // A stream that is this far behind is a reader that went away without a word.
    private const int BehindMax = 10_000;

    private static readonly TimeSpan pollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly Queue<FeedItem> recent = new();
    private readonly HashSet<Channel<FeedItem>> streams = [];
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
        for (int partition = 0; partition < partitionCount; partition++)
            positions[partition] = Math.Max(0, await sink.EndPositionAsync(partition, stoppingToken) - RecentMax);
        using var timer = new PeriodicTimer(pollInterval, time);
        do
        {
            for (int partition = 0; partition < partitionCount; partition++)
                await PollAsync(partition, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task PollAsync(int partition, CancellationToken cancellation)
    {
        try
        {
            await foreach (PublishedRecord record in sink.ReadAsync(partition, positions[partition], cancellation))
            {
                positions[partition] = record.Position + 1;
                if (record.Value is not null)
                    Publish(new FeedItem($"{partition}-{record.Position}", Encoding.UTF8.GetString(record.Value)));
            }
        }
        catch (TransitionSinkException)
        {
            // The output is away; the engine says so itself, and the next poll goes on where this one stopped.
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
