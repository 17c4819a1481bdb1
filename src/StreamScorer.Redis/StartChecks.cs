using System.Net;
using StackExchange.Redis;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Diagnosis;

namespace StreamScorer.Redis;

/// <summary>What must be true of every server before state is trusted to it.</summary>
internal static class StartChecks
{
    /// <exception cref="StateStoreException">A server cannot be trusted with state; the message names the fix.</exception>
    public static async Task RunAsync(ConnectionMultiplexer connection, TimeProvider time, CancellationToken cancellation)
    {
        foreach (EndPoint endpoint in connection.GetEndPoints())
        {
            IServer server = connection.GetServer(endpoint);
            if (!server.IsConnected)
                continue;
            IEnumerable<Finding> findings = await ServerChecks.RunAsync(server, time, cancellation);
            if (findings.FirstOrDefault(finding => finding.Severity == Severity.Error) is { } error)
                throw new StateStoreException(error.Message);
        }
    }
}
