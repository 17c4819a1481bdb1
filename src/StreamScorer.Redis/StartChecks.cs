using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Diagnosis;

namespace StreamScorer.Redis;

/// <summary>What must be true of every server before state is trusted to it.</summary>
internal static class StartChecks
{
    /// <exception cref="StateStoreException">A server cannot be trusted with state, or none can be reached; the message names the fix.</exception>
    public static async Task RunAsync(RedisServers servers, TimeProvider time, CancellationToken cancellation)
    {
        IReadOnlyList<ServerReport> reports = await ServerChecks.RunAsync(servers.Options, time, cancellation);
        if (reports.All(report => report.Failure is not null))
            throw new StateStoreException(RedisInspection.Unreachable($"Redis at {servers.Names}", reports[0].Failure!).Message, reports[0].Failure);
        if (reports.SelectMany(report => report.Findings).FirstOrDefault(finding => finding.Severity == Severity.Error) is { } error)
            throw new StateStoreException(error.Message);
    }
}
