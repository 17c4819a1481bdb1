using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>
/// One partition's own connection, for all that its owner does, one thing at a time. Behind each commit's transaction the fence is watched and asked for again, so that the
/// next commit needs one exchange only: what changed it in between makes that one fail. After any exception it must not be used any more; the next claim opens another.
/// </summary>
internal sealed class PartitionConnection : IAsyncDisposable
{
    private readonly RedisServers servers;
    private readonly PartitionKeys keys;
    private readonly RespWriter commands = new(), watch = new();
    private readonly CommitTransaction transaction;
    private readonly OutboxRuns outboxRuns = new();
    private RespConnection connection;

    // The fence as it was when watching it began; null when it is not watched, or is not there.
    private string? watched;

    private PartitionConnection(RedisServers servers, PartitionKeys keys, RespConnection connection)
    {
        (this.servers, this.keys, this.connection) = (servers, keys, connection);
        transaction = new CommitTransaction(keys, commands);
        // A connection that was told of a change fails its next transaction, whatever it watches by then.
        watch.Command("UNWATCH", 0);
        transaction.WriteWatch(watch);
    }

    /// <summary>Connects to the server that holds the partition.</summary>
    /// <exception cref="IOException">No server holds it, or one refused, or a connection was lost.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">No server can be reached.</exception>
    /// <exception cref="TimeoutException">There was no reply in time.</exception>
    public static async Task<PartitionConnection> OpenAsync(RedisServers servers, PartitionKeys keys, CancellationToken cancellation) =>
        new(servers, keys, await servers.OpenAsync(keys.Meta, cancellation));

    /// <summary>Raises the partition's epoch and returns the meta.</summary>
    /// <exception cref="StateStoreException">The meta or the outbox cannot be read.</exception>
    /// <exception cref="RespRefusal">The server refused; the words begin with <see cref="RedisScripts.StateError"/> when what is stored is wrong.</exception>
    /// <exception cref="IOException">The connection was lost.</exception>
    /// <exception cref="TimeoutException">There was no reply in time.</exception>
    public async Task<PartitionMeta> ClaimAsync(long nowUnixMs, PartitionMeta created, CancellationToken cancellation)
    {
        if (!connection.IsReady)
            await ReopenAsync(cancellation);
        // The claim itself changes what is watched.
        watched = null;
        commands.Clear();
        transaction.WriteClaim(nowUnixMs, created);
        await connection.SendAsync(commands, cancellation);
        RespReply claimed = await connection.WholeReplyAsync(cancellation);
        outboxRuns.Reset(claimed.Elements[1].Texts.Select(Run));
        return MetaHash.Read(claimed.Elements[0].Texts, keys.Meta);
    }

    /// <summary>Streams the partition into a target.</summary>
    /// <returns>False when the scan gave another number of customers than the hash holds.</returns>
    /// <exception cref="IOException">The server refused, or the connection was lost.</exception>
    /// <exception cref="TimeoutException">There was no reply in time.</exception>
    public Task<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation) => new PartitionLoader(connection, keys, cancellation).LoadAsync(target);

    /// <summary>Writes a commit if the stored fence is the expected one. Copies it before the first await.</summary>
    /// <exception cref="IOException">The server refused, or the connection was lost: what became of the commit is unknown.</exception>
    /// <exception cref="TimeoutException">There was no reply in time: likewise.</exception>
    public async Task<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
    {
        Fence expected = commit.Expected;
        outboxRuns.Begin(commit);
        commands.Clear();
        int count = transaction.Write(commit, outboxRuns);
        transaction.WriteWatch(commands);
        if (!connection.IsReady)
            await ReopenAsync(cancellation);
        if (watched != expected.ToString())
            await WatchAsync(cancellation);
        if (Judged() is not CommitOutcome.Applied and var refused)
            return refused;
        await connection.SendAsync(commands, cancellation);
        if (await ExecutedAsync(count, cancellation))
        {
            outboxRuns.Applied();
            return CommitOutcome.Applied;
        }
        // Nothing was written although the fence may allow it now: the store has moved once more since.
        return Judged() is CommitOutcome.Applied ? CommitOutcome.Stale : Judged();

        CommitOutcome Judged() => Fence.Judge(Fence.TryParse(watched, out Fence stored) ? stored : null, expected);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    // Nothing of the claim or commit was sent yet, and the fence is looked at anew: a partition that was quiet for hours need not be loaded again for its next event.
    private async Task ReopenAsync(CancellationToken cancellation)
    {
        await connection.DisposeAsync();
        connection = await servers.OpenAsync(keys.Meta, cancellation);
        watched = null;
    }

    private OutboxRun Run(string field) => OutboxRun.TryParse(field, out OutboxRun run)
        ? run
        : throw new StateStoreException($"Redis key {keys.Outbox} has a field \"{field}\", which names no run of entries; restore the key");

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
        return !executed.IsNone;
    }
}
