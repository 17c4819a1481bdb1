using System.Globalization;
using StackExchange.Redis;
using StreamScorer.Engine.Diagnosis;

namespace StreamScorer.Redis;

/// <summary>What a Redis server says about itself, judged by what state needs.</summary>
internal static class ServerChecks
{
    private const string SafePolicy = "noeviction";
    private const double MemoryShareMax = 0.8;
    private static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(5);

    /// <summary>All findings about one server. Errors keep a worker from starting.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(IServer server, TimeProvider time, CancellationToken cancellation)
    {
        IGrouping<string, KeyValuePair<string, string>>[] info = await server.InfoAsync().WaitAsync(cancellation);
        var fields = info.SelectMany(section => section).DistinctBy(field => field.Key).ToDictionary(field => field.Key, field => field.Value);
        string subject = $"Redis at {server.EndPoint}";
        DateTime serverTime = await server.TimeAsync().WaitAsync(cancellation);
        return
        [
            Policy(subject, fields), Clock(subject, serverTime, time.GetUtcNow().UtcDateTime), Role(subject, fields), Persistence(subject, fields),
            Memory(subject, fields),
        ];
    }

    private static Finding Policy(string subject, Dictionary<string, string> fields)
    {
        string policy = fields.GetValueOrDefault("maxmemory_policy", "unknown");
        return policy == SafePolicy
            ? Finding.Ok(subject, $"maxmemory-policy is {SafePolicy}")
            : Finding.Error(
                subject,
                $"{subject} has maxmemory-policy '{policy}'; only '{SafePolicy}' is allowed, else customers vanish when memory is short.",
                $"Fix: CONFIG SET maxmemory-policy {SafePolicy}, and set it in redis.conf.");
    }

    private static Finding Clock(string subject, DateTime server, DateTime host)
    {
        TimeSpan ahead = server - host;
        string seconds = ahead.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        return ahead.Duration() <= ClockDifferenceMax
            ? Finding.Ok(subject, $"its clock agrees with this host's, within {ahead.Duration().TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s")
            : Finding.Error(
                subject,
                $"The clock of {subject} is {seconds} s ahead of this host's; at most {ClockDifferenceMax.TotalSeconds} s either way are allowed.",
                "Fix: synchronise both by NTP.");
    }

    private static Finding Role(string subject, Dictionary<string, string> fields) => fields.GetValueOrDefault("role") == "slave"
        ? Finding.Error(
            subject,
            $"{subject} is a replica of {fields.GetValueOrDefault("master_host")}:{fields.GetValueOrDefault("master_port")} and takes no writes.",
            "Fix: name the primary in Redis:Endpoints, or promote this server.")
        : Finding.Ok(subject, "it is a primary");

    private static Finding Persistence(string subject, Dictionary<string, string> fields)
    {
        if (fields.GetValueOrDefault("aof_last_write_status", "ok") != "ok" || fields.GetValueOrDefault("rdb_last_bgsave_status", "ok") != "ok")
        {
            return Finding.Error(
                subject, $"{subject} could not write its last append-only file or snapshot.", "Fix: free disk space, and look into the server's log.");
        }
        return fields.GetValueOrDefault("aof_enabled") == "1"
            ? Finding.Ok(subject, "the append-only file is on")
            : Finding.Warning(
                subject,
                $"{subject} keeps no append-only file: when it restarts, state goes back to the last snapshot, or to nothing.",
                "Fix: CONFIG SET appendonly yes, and set it in redis.conf with appendfsync everysec.");
    }

    private static Finding Memory(string subject, Dictionary<string, string> fields)
    {
        long used = Number("used_memory"), limit = Number("maxmemory");
        if (limit == 0)
        {
            return new Finding(
                Severity.Note, subject, $"{subject} has no memory limit: the system may end it when memory is short.", "Fix: set maxmemory below the machine's memory.");
        }
        string share = string.Create(CultureInfo.InvariantCulture, $"{used / 1048576} of {limit / 1048576} MiB");
        return used < limit * MemoryShareMax
            ? Finding.Ok(subject, $"{share} of memory are used")
            : Finding.Warning(
                subject, $"{subject} uses {share} of memory: at the limit every commit is refused and workers wait.", "Fix: raise maxmemory, or spread the keys over a cluster.");

        long Number(string field) => long.TryParse(fields.GetValueOrDefault(field), CultureInfo.InvariantCulture, out long number) ? number : 0;
    }
}
