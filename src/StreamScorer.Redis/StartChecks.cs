using System.Globalization;
using System.Net;
using StackExchange.Redis;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>What must be true of every server before state is trusted to it.</summary>
internal static class StartChecks
{
    private const string PolicyField = "maxmemory_policy";
    private const string SafePolicy = "noeviction";
    private static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(5);

    /// <exception cref="StateStoreException">A server cannot be trusted with state; the message names the fix.</exception>
    public static async Task RunAsync(ConnectionMultiplexer connection, TimeProvider time, CancellationToken cancellation)
    {
        foreach (EndPoint endpoint in connection.GetEndPoints())
        {
            IServer server = connection.GetServer(endpoint);
            if (!server.IsConnected)
                continue;
            CheckPolicy(endpoint, await server.InfoAsync("memory").WaitAsync(cancellation));
            CheckClock(endpoint, await server.TimeAsync().WaitAsync(cancellation), time.GetUtcNow().UtcDateTime);
        }
    }

    private static void CheckPolicy(EndPoint endpoint, IGrouping<string, KeyValuePair<string, string>>[] memory)
    {
        string? policy = memory.SelectMany(section => section).FirstOrDefault(field => field.Key == PolicyField).Value;
        if (policy != SafePolicy)
            throw new StateStoreException(
                $"Redis at {endpoint} has maxmemory-policy '{policy}'; only '{SafePolicy}' is allowed, else customers vanish when memory is short. "
                + $"Fix: CONFIG SET maxmemory-policy {SafePolicy}, and set it in redis.conf.");
    }

    private static void CheckClock(EndPoint endpoint, DateTime server, DateTime host)
    {
        TimeSpan ahead = server - host;
        if (ahead.Duration() > ClockDifferenceMax)
            throw new StateStoreException(
                $"The clock of Redis at {endpoint} is {ahead.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s ahead of this host's; "
                + $"at most {ClockDifferenceMax.TotalSeconds} s either way are allowed. Fix: synchronise both by NTP.");
    }
}
