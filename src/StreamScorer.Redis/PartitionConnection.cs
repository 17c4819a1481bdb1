using StackExchange.Redis;

namespace StreamScorer.Redis;

/// <summary>
/// One partition's own connection, until its first failure. It is never repaired: a transaction that was cut off blocks its client's writer
/// until the timeout, and a scan's cursor means nothing to a server that has restarted. The next claim opens another.
/// </summary>
internal sealed class PartitionConnection : IAsyncDisposable
{
    private readonly ConnectionMultiplexer multiplexer;
    private readonly TimeSpan replyTimeout;
    private readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PartitionConnection(ConnectionMultiplexer multiplexer, TimeSpan replyTimeout)
    {
        this.multiplexer = multiplexer;
        this.replyTimeout = replyTimeout;
        multiplexer.ConnectionFailed += (_, args) =>
        {
            if (args.ConnectionType == ConnectionType.Interactive)
                lost.TrySetResult();
        };
    }

    public IDatabase Database => multiplexer.GetDatabase();

    public static async Task<PartitionConnection> OpenAsync(RedisOptions options, CancellationToken cancellation) =>
        new(await RedisConnection.ConnectAsync(options).WaitAsync(cancellation), options.ReplyTimeout);

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
        Task closing = multiplexer.CloseAsync(allowCommandsToComplete: false);
        if (!lost.Task.IsCompleted)
            await closing;
    }
}
