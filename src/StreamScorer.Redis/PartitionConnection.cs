using System.Net;
using StackExchange.Redis;

namespace StreamScorer.Redis;

/// <summary>
/// One partition's own connections, one of them for commits, until their first failure. They are never repaired: a transaction that was cut off blocks its client's writer
/// until the timeout, and a scan's cursor means nothing to a server that has restarted. The next claim opens another.
/// </summary>
internal sealed class PartitionConnection : IAsyncDisposable
{
    private readonly ConnectionMultiplexer multiplexer;
    private readonly CommitChannel commits;
    private readonly TimeSpan replyTimeout;
    private readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PartitionConnection(ConnectionMultiplexer multiplexer, CommitChannel commits, TimeSpan replyTimeout)
    {
        (this.multiplexer, this.commits, this.replyTimeout) = (multiplexer, commits, replyTimeout);
        multiplexer.ConnectionFailed += (_, args) =>
        {
            if (args.ConnectionType == ConnectionType.Interactive)
                lost.TrySetResult();
        };
    }

    public IDatabase Database => multiplexer.GetDatabase();

    /// <summary>Where commits go.</summary>
    public CommitChannel Commits => commits;

    public static async Task<PartitionConnection> OpenAsync(RedisOptions options, PartitionKeys keys, CancellationToken cancellation)
    {
        ConnectionMultiplexer multiplexer = await RedisConnection.ConnectAsync(options).WaitAsync(cancellation);
        try
        {
            EndPoint server = await multiplexer.GetDatabase().IdentifyEndpointAsync(keys.Meta).WaitAsync(options.ReplyTimeout, cancellation)
                ?? throw new IOException("no server of Redis holds the partition");
            return new(multiplexer, await CommitChannel.OpenAsync(server, options, keys, cancellation), options.ReplyTimeout);
        }
        catch
        {
            await multiplexer.CloseAsync(allowCommandsToComplete: false);
            throw;
        }
    }

    /// <summary>Waits for a reply, but not beyond the loss of the connection or the timeout.</summary>
    /// <exception cref="IOException">The connection was lost, now or earlier.</exception>
    /// <exception cref="TimeoutException">There was no reply in time.</exception>
    public async Task<T> ReplyAsync<T>(Task<T> reply, CancellationToken cancellation)
    {
        await Task.WhenAny(reply, lost.Task).WaitAsync(replyTimeout, cancellation);
        if (lost.Task.IsCompleted)
            throw new IOException("the connection to Redis was lost");
        return await reply;
    }

    public async ValueTask DisposeAsync()
    {
        await commits.DisposeAsync();
        Task closing = multiplexer.CloseAsync(allowCommandsToComplete: false);
        if (!lost.Task.IsCompleted)
            await closing;
    }
}
