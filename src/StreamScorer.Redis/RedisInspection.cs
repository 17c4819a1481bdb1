using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Diagnosis;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Redis;

/// <summary>Looks at Redis as a worker would use it, and says everything that is wrong instead of stopping at the first.</summary>
public static class RedisInspection
{
    /// <summary>Connects, asks every server, and tries each kind of write and the load under a name of its own, which it deletes again.</summary>
    /// <param name="time">The host's clock, compared with the servers'.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(RedisOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var servers = new RedisServers(options);
        string subject = $"Redis at {servers.Names}";
        IReadOnlyList<ServerReport> reports = await ServerChecks.RunAsync(options, time, cancellation);
        if (reports.All(report => report.Failure is not null))
            return [Unreachable(subject, reports[0].Failure!)];
        List<Finding> findings = [Finding.Ok(subject, "it answers"), .. reports.SelectMany(report => report.Findings)];
        if (!findings.Exists(finding => finding.Severity == Severity.Error))
            findings.Add(await TryWritesAsync(servers, subject, cancellation));
        return findings;
    }

    /// <summary>What a failed connection means.</summary>
    internal static Finding Unreachable(string subject, Exception exception) => Finding.Error(
        subject, $"{subject} cannot be reached: {exception.Message}", "Check that it runs, the endpoints, password and ssl settings, and that the user may give client|setname.");

    /// <summary>A claim, a commit of every kind of write, a load and a deletion, by the code that workers run.</summary>
    private static async Task<Finding> TryWritesAsync(RedisServers servers, string subject, CancellationToken cancellation)
    {
        var keys = new PartitionKeys(servers.Options.Prefix, $"doctor-{Guid.NewGuid():n}", 0);
        await using var partition = new RedisPartitionStore(servers, keys);
        ClaimResult claim = await partition.ClaimAsync(0, cancellation);
        if (!claim.Claimed)
            return Denied(subject, claim.Error ?? "a claim was refused.", "eval, type, exists, hget, hset and hgetall, hkeys, role and client|setname");
        try
        {
            CommitOutcome outcome = await partition.CommitAsync(EveryWrite(claim.Meta), cancellation);
            bool isLoaded = outcome == CommitOutcome.Applied && await partition.LoadAsync(new NoTarget(), cancellation);
            await using var requests = new RequestPool(servers);
            // Whatever became of the commit: the claim has left a key.
            bool isDeleted = (await requests.AskAsync(keys.Meta, ask => ask.Command("DEL", keys.All), cancellation)).Number > 0;
            if (outcome != CommitOutcome.Applied)
                return Denied(subject, $"A trial commit ended as {outcome}.", "unwatch, watch, multi, exec, hmset, hset, hdel, setrange and set");
            if (!isLoaded)
                return Denied(subject, "A trial load failed.", "hlen, hscan and get");
            return isDeleted ? Finding.Ok(subject, "claims, commits, loads and deletions are allowed") : Denied(subject, "A trial deletion did nothing.", "del");
        }
        catch (Exception exception) when (RedisServers.IsFailure(exception))
        {
            return Denied(subject, exception.Message, "del");
        }
    }

    private static PartitionCommit EveryWrite(PartitionMeta meta)
    {
        var commit = new PartitionCommit();
        commit.PutHot("a"u8, "x"u8);
        commit.PutCold("a"u8, "x"u8);
        commit.RemoveCustomer("b"u8);
        commit.Append(new OutboxEntry(1, OutboxKind.Tombstone, "doctor", [], null, []));
        commit.Remember(1);
        commit.PutPopulation([0]);
        commit.Seal(meta.Fence, meta with { OutboxSeq = 1, RecentCount = 1 }, trimThroughSeq: 1);
        return commit;
    }

    internal static Finding Denied(string subject, string problem, string commands) => Finding.Error(
        subject, problem, $"Fix: allow {commands} on the keys of Redis:Prefix to this user (ACL SETUSER), and check that the server takes writes.");

    /// <summary>Whatever is loaded is not needed.</summary>
    private sealed class NoTarget : ILoadTarget
    {
        public void LoadHot(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
        {
        }

        public void LoadCold(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
        {
        }

        public void LoadOutbox(long seq, ReadOnlySpan<byte> entry)
        {
        }

        public void LoadRecent(ReadOnlySpan<byte> ring)
        {
        }

        public void LoadErasure(ulong customerHash, long erasedAtMs)
        {
        }
    }
}
