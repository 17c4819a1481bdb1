using System.Net;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>
/// One partition's commits on a connection of their own, one at a time. Behind each transaction the fence is watched and asked for again, so that the next
/// commit needs one exchange only: what changed it in between makes that one fail. After any exception it must not be used any more.
/// </summary>
internal sealed class CommitChannel : IAsyncDisposable
{
    // Replies to a commit are a few bytes each.
    private const int ReceiveBytes = 4 * 1024;
    private readonly EndPoint server;
    private readonly RedisOptions options;
    private readonly RespWriter commands = new(), watch = new();
    private readonly CommitTransaction transaction;
    private RespConnection connection;

    // The fence as it was when watching it began; null when it is not watched, or is not there.
    private string? watched;

    private CommitChannel(EndPoint server, RedisOptions options, PartitionKeys keys, RespConnection connection)
    {
        (this.server, this.options, this.connection) = (server, options, connection);
        transaction = new CommitTransaction(keys, commands);
        // A connection that was told of a change fails its next transaction, whatever it watches by then.
        watch.Command("UNWATCH", 0);
        transaction.WriteWatch(watch);
    }

    /// <summary>Connects to the server that holds the partition.</summary>
    /// <exception cref="IOException">It refused, or the connection was lost.</exception>
    public static async Task<CommitChannel> OpenAsync(EndPoint server, RedisOptions options, PartitionKeys keys, CancellationToken cancellation) =>
        new(server, options, keys, await RespConnection.OpenAsync(server, options, ReceiveBytes, cancellation));

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
        limit.CancelAfter(options.ReplyTimeout);
        try
        {
            if (connection.IsHungUp)
                await ReopenAsync(limit.Token);
            if (watched != expected.ToString())
                await WatchAsync(limit.Token);
            if (Judged() is not CommitOutcome.Applied and var refused)
                return refused;
            await connection.SendAsync(commands, limit.Token);
            if (await ExecutedAsync(count, limit.Token))
                return CommitOutcome.Applied;
            // Nothing was written although the fence may allow it now: the store has moved once more since.
            return Judged() is CommitOutcome.Applied ? CommitOutcome.Stale : Judged();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Redis did not reply within {options.ReplyTimeout}");
        }

        CommitOutcome Judged() => Fence.Judge(Fence.TryParse(watched, out Fence stored) ? stored : null, expected);
    }

    /// <summary>
    /// Raises the partition's epoch and returns names and values of the meta. Not through the client library, which has been seen to hand one connection's reply to
    /// another's caller after connections were cut off.
    /// </summary>
    /// <exception cref="IOException">The server refused (<see cref="RespReader.Refused"/>), or the connection was lost.</exception>
    /// <exception cref="TimeoutException">There was no reply in time.</exception>
    public async Task<string[]> ClaimAsync(long nowUnixMs, PartitionMeta created, CancellationToken cancellation)
    {
        // The claim itself changes what is watched.
        watched = null;
        commands.Clear();
        transaction.WriteClaim(nowUnixMs, created);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.ReplyTimeout);
        try
        {
            await connection.SendAsync(commands, limit.Token);
            var meta = new string[(await connection.ReplyAsync(limit.Token)).Number];
            for (int i = 0; i < meta.Length; i++)
                meta[i] = (await connection.ReplyAsync(limit.Token)).Text ?? "";
            return meta;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Redis did not reply within {options.ReplyTimeout}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    // Nothing of the commit was sent yet, and the fence is looked at anew: a partition that was quiet for hours need not be loaded again for its next event.
    private async Task ReopenAsync(CancellationToken cancellation)
    {
        await connection.DisposeAsync();
        connection = await RespConnection.OpenAsync(server, options, ReceiveBytes, cancellation);
        watched = null;
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        await connection.SendAsync(watch, cancellation);
        await connection.ReplyAsync(cancellation);
        await WatchedAsync(cancellation);
    }

    private async Task WatchedAsync(CancellationToken cancellation)
    {
        await connection.ReplyAsync(cancellation);
        watched = (await connection.ReplyAsync(cancellation)).Text;
    }

    // Whether the transaction was carried out; false when the fence had changed.
    private async Task<bool> ExecutedAsync(int count, CancellationToken cancellation)
    {
        for (int reply = 0; reply < 1 + count; reply++)
            await connection.ReplyAsync(cancellation);
        RespReply executed = await connection.ReplyAsync(cancellation);
        for (long reply = 0; reply < executed.Number; reply++)
            await connection.ReplyAsync(cancellation);
        await WatchedAsync(cancellation);
        return executed.Number >= 0;
    }
}
