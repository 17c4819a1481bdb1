using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamScorer.Engine.Publish;
using StreamScorer.Worker.Web.Streams;

namespace StreamScorer.Web.Tests.Streams;

/// <summary>A client that does not keep up is let go with its reason, behind everything that was kept for it: a real server, a real socket.</summary>
public sealed class SlowClientTests
{
    private const int Portion = FeedReader.BehindMax / 2;
    private const int BufferBytes = 4_096;

    [Fact]
    public async Task A_client_that_falls_too_far_behind_is_told_so_and_let_go()
    {
        var output = new GrowingOutput();
        using var feed = new TransitionFeed(output, 1, TimeSpan.FromHours(1), TimeProvider.System);
        await feed.StartAsync(CancellationToken.None);
        await using WebApplication server = await ServeAsync(feed);
        output.Published = 1;
        using Socket socket = await AskAsync(new Uri(server.Urls.First()));
        using var client = new StreamReader(new NetworkStream(socket));
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
        // To the end of the connection: the server has closed it.
        string rest = await client.ReadToEndAsync();

        Assert.Contains("event: closed\ndata: {\"reason\":\"slow-client\"}\n\n", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("event: erased", rest[rest.IndexOf("event: closed", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.InRange(rest.Split("event: erased").Length, FeedReader.BehindMax, 3 * FeedReader.BehindMax - 1);
        await feed.StopAsync(CancellationToken.None);
    }

    private static async Task<WebApplication> ServeAsync(TransitionFeed feed)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new StreamLimit(1));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // Else the system takes megabytes for the client before it says that the client is slow.
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = endpoint =>
        {
            Socket listening = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            listening.SendBufferSize = BufferBytes;
            return listening;
        });
        WebApplication server = builder.Build();
        server.MapGet("/stream", () => new TransitionStream(feed, TransitionFilter.All, [0], []));
        await server.StartAsync();
        return server;
    }

    private static async Task<Socket> AskAsync(Uri server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = BufferBytes };
        await socket.ConnectAsync(server.Host, server.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /stream HTTP/1.0\r\n\r\n"));
        return socket;
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
