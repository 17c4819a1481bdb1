using System.Net.Sockets;
using StackExchange.Redis;

namespace StreamScorer.Redis;

/// <summary>Connects, and tells failures of the server from faults of the program.</summary>
internal static class RedisConnection
{
    private const int ReconnectPauseMs = 250;

    /// <summary>
    /// A new connection. Every partition needs one of its own: transactions of several tasks on one connection block each other's writer for ever.
    /// </summary>
    public static Task<ConnectionMultiplexer> ConnectAsync(RedisOptions options)
    {
        var configuration = new ConfigurationOptions
        {
            AbortOnConnectFail = true,
            ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds,
            SyncTimeout = (int)options.ReplyTimeout.TotalMilliseconds,
            // The default pauses for the connect timeout: reads would fail for seconds after the server is back.
            ReconnectRetryPolicy = new LinearRetry(ReconnectPauseMs),
            Password = options.Password,
            Ssl = options.Ssl,
            ClientName = "streamscorer",
            AllowAdmin = true, // INFO, which tells the eviction policy, counts as an administrator's command.
        };
        foreach (string endpoint in options.Endpoints)
            configuration.EndPoints.Add(endpoint);
        return ConnectionMultiplexer.ConnectAsync(configuration);
    }

    /// <summary>True when Redis was unreachable, silent, or refused (out of memory, disk full, read-only, loading).</summary>
    public static bool IsStoreFailure(Exception exception) =>
        exception is RedisException or RedisCommandException or TimeoutException or SocketException or IOException or ObjectDisposedException;
}
