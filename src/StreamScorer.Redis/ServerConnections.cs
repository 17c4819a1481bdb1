using System.Collections.Concurrent;

namespace StreamScorer.Redis;

/// <summary>Some connections to one server, each of which is one caller's at a time. Safe for concurrent use.</summary>
internal sealed class ServerConnections(string server, RedisOptions options) : IAsyncDisposable
{
    // A question takes a fraction of a millisecond: this many at once are tens of thousands a second.
    private const int ConnectionsMax = 16;
    private readonly SemaphoreSlim free = new(ConnectionsMax);
    private readonly ConcurrentStack<RespConnection> idle = [];
    private bool isDisposed;

    /// <summary>One question and its reply; null when the server is a replica, whose answer may be old.</summary>
    /// <exception cref="IOException">The server refused, or the connection was lost.</exception>
    /// <exception cref="TimeoutException">It does not answer, or too many are asking.</exception>
    public async Task<RespReply?> AskAsync(Action<RespWriter> write, CancellationToken cancellation)
    {
        if (!await free.WaitAsync(options.ReplyTimeout, cancellation))
            throw new TimeoutException($"Redis did not reply to those who asked before within {options.ReplyTimeout}");
        try
        {
            RespConnection connection = await TakeAsync(cancellation);
            try
            {
                RespReply? reply = await ConverseAsync(connection, write, cancellation);
                idle.Push(connection);
                if (Volatile.Read(ref isDisposed))
                    await CloseIdleAsync();
                return reply;
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
        finally
        {
            free.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Before it looks: a question under way gives its connection back and looks at this then, and one of the two sees the other.
        Interlocked.Exchange(ref isDisposed, true);
        await CloseIdleAsync();
    }

    private async Task CloseIdleAsync()
    {
        while (idle.TryPop(out RespConnection? connection))
            await connection.DisposeAsync();
    }

    private static async Task<RespReply?> ConverseAsync(RespConnection connection, Action<RespWriter> write, CancellationToken cancellation)
    {
        var question = new RespWriter();
        question.Command("ROLE", 0);
        write(question);
        await connection.SendAsync(question, cancellation);
        bool isPrimary = RedisServers.IsPrimary(await connection.WholeReplyAsync(cancellation));
        RespReply reply = await connection.WholeReplyAsync(cancellation);
        return isPrimary ? reply : null;
    }

    private async Task<RespConnection> TakeAsync(CancellationToken cancellation)
    {
        while (idle.TryPop(out RespConnection? connection))
        {
            if (connection.IsReady)
                return connection;
            await connection.DisposeAsync();
        }
        return await RespConnection.OpenAsync(server, options, cancellation);
    }
}
