using System.Globalization;
using StreamScorer.Engine.Diagnosis;

namespace StreamScorer.Redis;

/// <summary>What Redis servers say about themselves, judged by what state needs. Errors keep a worker from starting.</summary>
internal static class ServerChecks
{
    private const string SafePolicy = "noeviction";
    private const double MemoryShareMax = 0.8;
    private static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(5);

    /// <summary>Asks every configured server, and in a cluster every primary.</summary>
    public static async Task<IReadOnlyList<ServerReport>> RunAsync(RedisOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var reports = new List<ServerReport>();
        var pending = new Queue<string>(options.Endpoints);
        while (pending.TryDequeue(out string? server))
        {
            if (reports.Exists(report => report.Server == server))
                continue;
            ServerReport report = await AskAsync(server, options, time, cancellation);
            reports.Add(report);
            foreach (string primary in report.Primaries ?? [])
                pending.Enqueue(primary);
        }
        return reports;
    }

    private static async Task<ServerReport> AskAsync(string server, RedisOptions options, TimeProvider time, CancellationToken cancellation)
    {
        string subject = $"Redis at {server}";
        RespConnection connection;
        try
        {
            connection = await RespConnection.OpenAsync(server, options, cancellation);
        }
        catch (Exception exception) when (RedisServers.IsFailure(exception))
        {
            return new ServerReport(server, exception, [Finding.Warning(subject, "This server does not answer.", "Fix: start it, or remove it from Redis:Endpoints.")], null);
        }
        await using (connection)
        {
            try
            {
                Dictionary<string, string> fields = await InfoAsync(connection, cancellation);
                string[] instant = (await connection.AskAsync(ask => ask.Command("TIME", 0), cancellation)).Texts;
                DateTime serverTime = DateTime.UnixEpoch.AddSeconds(long.Parse(instant[0], CultureInfo.InvariantCulture))
                    .AddMicroseconds(long.Parse(instant[1], CultureInfo.InvariantCulture));
                bool isCluster = fields.GetValueOrDefault("cluster_enabled") == "1";
                Finding[] findings =
                [
                    Policy(subject, fields), Clock(subject, serverTime, time.GetUtcNow().UtcDateTime), Role(subject, fields, isCluster || options.Endpoints.Count > 1),
                    Persistence(subject, fields), Memory(subject, fields),
                ];
                return new ServerReport(server, null, findings, isCluster ? await PrimariesAsync(connection, cancellation) : []);
            }
            catch (Exception exception) when (RedisServers.IsFailure(exception))
            {
                return new ServerReport(server, null, [RedisInspection.Denied(subject, exception.Message, "info, time and cluster|slots")], null);
            }
        }
    }

    private static async Task<Dictionary<string, string>> InfoAsync(RespConnection connection, CancellationToken cancellation)
    {
        RespReply info = await connection.AskAsync(ask => ask.Command("INFO", 0), cancellation);
        return info.Text!.Split("\r\n").Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0])
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }

    private static async Task<string[]> PrimariesAsync(RespConnection connection, CancellationToken cancellation)
    {
        RespReply ranges = await connection.AskAsync(ask => ask.Command("CLUSTER", 1).Add("SLOTS"u8), cancellation);
        // Of a range: its first and last slot, then its primary, then the replicas.
        return [.. ranges.Elements.Select(range => range.Elements[2].Elements).Select(node => ServerName.Told($"{node[0].Text}:{node[1].Number}", connection.Server)).Distinct()];
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

    private static Finding Role(string subject, Dictionary<string, string> fields, bool mayBeReplica)
    {
        if (fields.GetValueOrDefault("role") != "slave")
            return Finding.Ok(subject, "it is a primary");
        string replica = $"{subject} is a replica of {fields.GetValueOrDefault("master_host")}:{fields.GetValueOrDefault("master_port")}";
        return mayBeReplica
            ? new Finding(Severity.Note, subject, $"{replica}; it is used when it is promoted.", "Demote or stop the former primary before promoting it.")
            : Finding.Error(subject, $"{replica} and takes no writes.", "Fix: name the primary in Redis:Endpoints, or promote this server.");
    }

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

/// <summary>What became of the questions to one server.</summary>
/// <param name="Server"><c>host:port</c>.</param>
/// <param name="Failure">Why it could not be connected to; else null.</param>
/// <param name="Findings">What it says, judged.</param>
/// <param name="Primaries">The primaries of the cluster that it knows; empty when it belongs to none, null when it did not say.</param>
internal sealed record ServerReport(string Server, Exception? Failure, IReadOnlyList<Finding> Findings, IReadOnlyList<string>? Primaries);
