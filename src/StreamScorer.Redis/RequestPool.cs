using System.Collections.Concurrent;

namespace StreamScorer.Redis;

/// <summary>
/// Single questions to Redis, beside the partitions' own connections. A question has a connection to itself until its reply has come: a customer can never be answered
/// with another one's record. Connections are kept for the next question, and never after a failure. Safe for concurrent use.
/// </summary>
internal sealed class RequestPool(RedisServers servers) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ServerConnections> pools = [];
    private readonly SemaphoreSlim searching = new(1);

    /// <summary>One question to the primary that has a key, and its reply.</summary>
    /// <param name="key">Which server is asked; the question is about no key of another one.</param>
    /// <param name="write">Writes one command. Called once more when the key has moved to another server, or its server takes no writes any more.</param>
    /// <exception cref="IOException">The server refused, or the connection was lost: then it may have done it all the same.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">No server can be reached.</exception>
    /// <exception cref="TimeoutException">No server answers: likewise.</exception>
    public async Task<RespReply> AskAsync(string key, Action<RespWriter> write, CancellationToken cancellation)
    {
        for (bool again = false; ; again = true)
        {
            string server = servers.LastServerOf(key) ?? await SearchAsync(key, cancellation);
            ServerConnections pool = pools.GetOrAdd(server, static (server, options) => new ServerConnections(server, options), servers.Options);
            try
            {
                if (await pool.AskAsync(write, cancellation) is { } reply)
                    return reply;
                servers.Forget(key);
                if (again)
                    throw new IOException($"{server} is no primary any more");
            }
            catch (RespRefusal refusal) when (refusal.IsElsewhere && !again)
            {
                servers.Forget(key);
            }
            catch (Exception exception) when (RedisServers.IsFailure(exception))
            {
                servers.Forget(key);
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ServerConnections pool in pools.Values)
            await pool.DisposeAsync();
        searching.Dispose();
    }

    // One at a time: after a failure everybody looks for the same.
    private async Task<string> SearchAsync(string key, CancellationToken cancellation)
    {
        if (!await searching.WaitAsync(servers.SearchTimeout, cancellation))
            throw new TimeoutException($"no server of Redis was found within {servers.SearchTimeout}");
        try
        {
            if (servers.LastServerOf(key) is { } found)
                return found;
            await using RespConnection connection = await servers.OpenAsync(key, cancellation);
            return connection.Server;
        }
        finally
        {
            searching.Release();
        }
    }
}
