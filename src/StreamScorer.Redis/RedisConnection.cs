using System.Net.Sockets;
using StackExchange.Redis;

namespace StreamScorer.Redis;

/// <summary>Connects, and tells failures of the server from faults of the program.</summary>
internal static class RedisConnection
{
    /// <summary>A new connection. With <paramref name="mustBeReachable"/> false it keeps trying in the background and calls fail until it succeeds.</summary>
    public static Task<ConnectionMultiplexer> ConnectAsync(RedisOptions options, bool mustBeReachable)
    {
        var configuration = new ConfigurationOptions
        {
            AbortOnConnectFail = mustBeReachable,
            ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds,
            SyncTimeout = (int)options.ReplyTimeout.TotalMilliseconds,
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
