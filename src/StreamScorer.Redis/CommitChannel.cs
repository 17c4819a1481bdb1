using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using StreamScorer.Engine.Commit;
using StreamScorer.Redis.Resp;

namespace StreamScorer.Redis;

/// <summary>
/// One partition's commits on a connection of their own, one at a time. Behind each transaction the fence is watched and asked for again, so that the next
/// commit needs one exchange only: what changed it in between makes that one fail. After any exception it must not be used any more.
/// </summary>
internal sealed class CommitChannel : IAsyncDisposable
{
    private readonly Stream stream;
    private readonly RespReader replies;
    private readonly RespWriter commands = new(), watch = new();
    private readonly CommitTransaction transaction;
    private readonly TimeSpan replyTimeout;

    // The fence as it was when watching it began; null when it is not watched, or is not there.
    private string? watched;

    private CommitChannel(Stream stream, PartitionKeys keys, TimeSpan replyTimeout)
    {
        (this.stream, this.replyTimeout) = (stream, replyTimeout);
        replies = new RespReader(stream);
        transaction = new CommitTransaction(keys, commands);
        // A connection that was told of a change fails its next transaction, whatever it watches by then.
        watch.Command("UNWATCH", 0);
        transaction.WriteWatch(watch);
    }

    /// <summary>Connects to the server that holds the partition.</summary>
    /// <exception cref="IOException">It refused, or the connection was lost.</exception>
    /// <exception cref="SocketException">It cannot be reached.</exception>
    public static async Task<CommitChannel> OpenAsync(EndPoint server, RedisOptions options, PartitionKeys keys, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.ConnectTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, limit.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Ssl)
                stream = await SecuredAsync(stream, server, limit.Token);
            var channel = new CommitChannel(stream, keys, options.ReplyTimeout);
            await channel.IntroduceAsync(options.Password, limit.Token);
            return channel;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is OperationCanceledException && !cancellation.IsCancellationRequested)
                throw new TimeoutException($"Redis did not answer within {options.ConnectTimeout}", exception);
            throw;
        }
    }

    /// <summary>Writes a commit if the stored fence is the expected one. Copies it before the first await.</summary>
    /// <exception cref="IOException">The server refused, or the connection was lost: what became of the commit is unknown.</exception>
    /// <exception cref="TimeoutException">There was no reply in time: likewise.</exception>
    public async Task<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
    {
        Fence expected = commit.Expected;
        commands.Clear();
        int count = transaction.Write(commit);
        transaction.WriteWatch(commands);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(replyTimeout);
        try
        {
            if (watched != expected.ToString())
                await WatchAsync(limit.Token);
            if (Judged() is not CommitOutcome.Applied and var refused)
                return refused;
            await stream.WriteAsync(commands.Written, limit.Token);
            if (await ExecutedAsync(count, limit.Token))
                return CommitOutcome.Applied;
            // Nothing was written although the fence may allow it now: the store has moved once more since.
            return Judged() is CommitOutcome.Applied ? CommitOutcome.Stale : Judged();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Redis did not reply within {replyTimeout}");
        }

        CommitOutcome Judged() => Fence.Judge(Fence.TryParse(watched, out Fence stored) ? stored : null, expected);
    }

    /// <summary>The owner itself has changed the fence by other means: what is watched tells nothing any more.</summary>
    public void Forget() => watched = null;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static async Task<Stream> SecuredAsync(Stream plain, EndPoint server, CancellationToken cancellation)
    {
        var secure = new SslStream(plain);
        string host = (server as DnsEndPoint)?.Host ?? ((IPEndPoint)server).Address.ToString();
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellation);
        return secure;
    }

    private async Task IntroduceAsync(string? password, CancellationToken cancellation)
    {
        if (password is not null)
            commands.Command("AUTH", 1).Add(password);
        commands.Command("CLIENT", 2).Add("SETNAME"u8).Add("streamscorer"u8);
        await stream.WriteAsync(commands.Written, cancellation);
        for (int reply = password is null ? 1 : 0; reply < 2; reply++)
            await SucceededAsync(cancellation);
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        await stream.WriteAsync(watch.Written, cancellation);
        await SucceededAsync(cancellation);
        await WatchedAsync(cancellation);
    }

    private async Task WatchedAsync(CancellationToken cancellation)
    {
        await SucceededAsync(cancellation);
        watched = (await SucceededAsync(cancellation)).Text;
    }

    // Whether the transaction was carried out; false when the fence had changed.
    private async Task<bool> ExecutedAsync(int count, CancellationToken cancellation)
    {
        for (int reply = 0; reply < 1 + count; reply++)
            await SucceededAsync(cancellation);
        RespReply executed = await SucceededAsync(cancellation);
        for (long reply = 0; reply < executed.Number; reply++)
            await SucceededAsync(cancellation);
        await WatchedAsync(cancellation);
        return executed.Number >= 0;
    }

    private async ValueTask<RespReply> SucceededAsync(CancellationToken cancellation)
    {
        RespReply reply = await replies.NextAsync(cancellation);
        return reply.Kind != RespKind.Error ? reply : throw new IOException($"Redis refused: {reply.Text}");
    }
}
