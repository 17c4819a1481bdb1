using System.Net;
using StackExchange.Redis;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>What must be true of every server before state is trusted to it.</summary>
internal static class StartChecks
{
    private const string PolicyField = "maxmemory_policy";
    private const string SafePolicy = "noeviction";

    /// <exception cref="StateStoreException">A server evicts keys: customers would vanish without an error. The message names the fix.</exception>
    public static async Task RunAsync(ConnectionMultiplexer connection, CancellationToken cancellation)
    {
        foreach (EndPoint endpoint in connection.GetEndPoints())
        {
            IServer server = connection.GetServer(endpoint);
            if (!server.IsConnected)
                continue;
            IGrouping<string, KeyValuePair<string, string>>[] sections = await server.InfoAsync("memory").WaitAsync(cancellation);
            string? policy = sections.SelectMany(section => section).FirstOrDefault(field => field.Key == PolicyField).Value;
            if (policy != SafePolicy)
                throw new StateStoreException(
                    $"Redis at {endpoint} has maxmemory-policy '{policy}'; only '{SafePolicy}' is allowed, else customers vanish when memory is short. Fix: CONFIG SET maxmemory-policy {SafePolicy}, and set it in redis.conf.");
        }
    }
}
