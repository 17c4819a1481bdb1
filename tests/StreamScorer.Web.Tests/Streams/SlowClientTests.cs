using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StreamScorer.Engine.Publish;
using StreamScorer.Worker.Web.Streams;

namespace StreamScorer.Web.Tests.Streams;

/// <summary>A client that does not keep up is let go with its reason, behind everything that was kept for it.</summary>
public sealed class SlowClientTests
{
    private const int Portion = FeedReader.BehindMax / 2;

    [Fact]
    public async Task A_client_that_falls_too_far_behind_is_told_so_and_let_go()
    {
        var output = new GrowingOutput();
        using var feed = new TransitionFeed(output, 1, TimeSpan.FromHours(1), TimeProvider.System);
        await feed.StartAsync(CancellationToken.None);
        var connection = new Pipe(new PipeOptions(pauseWriterThreshold: 1_024, resumeWriterThreshold: 512));
        Task serving = ServeAsync(feed, connection.Writer);
        output.Published = 1;
        using var client = new StreamReader(connection.Reader.AsStream());
        while (await client.ReadLineAsync() is string line && line != "event: erased")
        {
            // The client has joined the feed when the first record comes; from here on it reads nothing.
        }

        await using FeedReader quick = feed.Open(TransitionFilter.All, [0]);
        for (long seen = 0; output.Published < 3 * FeedReader.BehindMax;)
        {
            output.Published += Portion;
            while (seen < output.Published)
                foreach (FeedItem item in (await quick.ReadAsync(CancellationToken.None))!)
                {
                    quick.Passed(item);
                    seen = item.Position + 1;
                }
        }
        string rest = await client.ReadToEndAsync();

        await serving;
        Assert.EndsWith("event: closed\ndata: {\"reason\":\"slow-client\"}\n\n", rest, StringComparison.Ordinal);
        Assert.InRange(rest.Split("event: erased").Length, FeedReader.BehindMax, FeedReader.BehindMax + 2 * Portion);
        await feed.StopAsync(CancellationToken.None);
    }

    private static async Task ServeAsync(TransitionFeed feed, PipeWriter output)
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(new StreamLimit(1)).AddSingleton<IHostApplicationLifetime, Running>().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(output.AsStream()));
        await new TransitionStream(feed, TransitionFilter.All, [0], []).ExecuteAsync(context);
        await output.CompleteAsync();
    }

    /// <summary>A process that is not asked to stop.</summary>
    private sealed class Running : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }

    /// <summary>One partition of erasures, as long as the test says.</summary>
    private sealed class GrowingOutput : ITransitionSink
    {
        private readonly byte[] erased = Encoding.UTF8.GetBytes($$$"""{"type":"{{{OutboxFormatter.ErasedType}}}","data":{}}""");
        private long published;

        public long Published
        {
            get => Volatile.Read(ref published);
            set => Volatile.Write(ref published, value);
        }

        public ValueTask OpenAsync(int partitionCount, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask<long> EndPositionAsync(int partition, CancellationToken cancellation) => new(Published);

        public async IAsyncEnumerable<PublishedRecord> ReadAsync(int partition, long fromPosition, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            for (long position = fromPosition, end = Published; position < end; position++)
                yield return new PublishedRecord(position, Encoding.UTF8.GetBytes($"customer-{position}"), erased, []);
        }

        public IAsyncEnumerable<PublishedRecord> ReadDeadLettersAsync(int partition, long fromPosition, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<long> PublishAsync(int partition, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
