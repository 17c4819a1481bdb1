using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>
/// Copies everything under a prefix into one file and back. The keys of a partition are copied in one transaction, so each partition is of one instant, also
/// while workers commit; what they publish after that instant they publish again with the same ids when the copy is restored. A server is busy while it
/// copies a partition, and takes no key above 512 MB.
/// </summary>
public static class RedisBackup
{
    private const int ScanPage = 1_000;

    // A server answers when it has copied all of a partition.
    private static readonly TimeSpan partitionTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Writes a backup and reads it again.</summary>
    /// <returns>Number of keys.</returns>
    /// <exception cref="StateStoreException">There is nothing to copy, or Redis does not answer.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static Task<int> WriteAsync(RedisOptions options, string path, CancellationToken cancellation) => WithServersAsync(options, async servers =>
    {
        List<string> keys = await KeysAsync(servers.Options, cancellation);
        if (keys.Count == 0)
            throw new StateStoreException($"There is no key under prefix '{options.Prefix}'; check Redis:Prefix and Redis:Endpoints.");
        using (var writer = new BackupWriter(path))
        {
            foreach (IGrouping<string, string> slot in keys.GroupBy(SlotOf))
                await DumpAsync(servers, options.Prefix, [.. slot], writer, cancellation);
            writer.Complete();
        }
        return BackupReader.Read(path).Count();
    });

    /// <summary>Restores a backup under the prefix of <paramref name="options"/>, which may be another one than it was taken from. No worker may run.</summary>
    /// <param name="replaces">Removes what is there; else something there is an error.</param>
    /// <returns>Number of keys.</returns>
    /// <exception cref="StateStoreException">The file is damaged or is none of ours, something is there already, or Redis refuses.</exception>
    public static Task<int> RestoreAsync(RedisOptions options, string path, bool replaces, CancellationToken cancellation) =>
        WithServersAsync(options, async servers =>
        {
            int expected = BackupReader.Read(path).Count();
            List<string> present = await KeysAsync(servers.Options, cancellation);
            if (present.Count > 0 && !replaces)
                throw new StateStoreException($"There are {present.Count} keys under prefix '{options.Prefix}'; restore under another Redis:Prefix, or give --replace.");
            await using var requests = new RequestPool(servers);
            foreach (string key in present)
                await requests.AskAsync(key, ask => ask.Command("DEL", 1).Add(key), cancellation);
            foreach ((string name, byte[] content) in BackupReader.Read(path))
                await requests.AskAsync(options.Prefix + name, ask => ask.Command("RESTORE", 3).Add(options.Prefix + name).Add(0).Add(content), cancellation);
            return expected;
        });

    // The whole reply is in memory, and so is a server's copy of it.
    private static async Task DumpAsync(RedisServers servers, string prefix, string[] keys, BackupWriter writer, CancellationToken cancellation)
    {
        await using RespConnection connection = await servers.OpenAsync(keys[0], cancellation);
        var transaction = new RespWriter();
        transaction.Command("MULTI", 0);
        foreach (string key in keys)
            transaction.Command("DUMP", 1).Add(key);
        transaction.Command("EXEC", 0);
        await connection.SendAsync(transaction, cancellation);
        for (int reply = 0; reply < 1 + keys.Length; reply++)
            await connection.ReplyAsync(cancellation);
        IReadOnlyList<RespReply> contents = (await connection.WholeReplyAsync(cancellation)).Elements;
        if (contents.Count != keys.Length)
            throw new StateStoreException("Redis did not carry the copying transaction out; try again.");
        foreach ((string key, RespReply content) in keys.Zip(contents))
        {
            // A key that has gone since it was listed.
            if (content.Bytes is { } bytes)
                writer.Add(key[prefix.Length..], bytes);
        }
    }

    /// <summary>What decides the cluster slot: the text between braces, else the whole key.</summary>
    private static string SlotOf(string key)
    {
        int open = key.IndexOf('{', StringComparison.Ordinal), close = key.IndexOf('}', open + 1);
        return open >= 0 && close > open + 1 ? key[open..close] : key;
    }

    private static async Task<List<string>> KeysAsync(RedisOptions options, CancellationToken cancellation)
    {
        IReadOnlyList<ServerReport> reports = await ServerChecks.RunAsync(options, TimeProvider.System, cancellation);
        if (reports.All(report => report.Failure is not null))
            throw new StateStoreException(RedisInspection.Unreachable($"Redis at {string.Join(',', options.Endpoints)}", reports[0].Failure!).Message);
        // It may be one of a cluster, whose other servers have keys too.
        if (reports.FirstOrDefault(report => report.Failure is null && report.Primaries is null) is { } silent)
            throw new StateStoreException(silent.Findings[0].Message);
        string[] cluster = [.. reports.SelectMany(report => report.Primaries ?? []).Distinct()];
        var keys = new HashSet<string>();
        foreach (string server in cluster.Length > 0 ? cluster : reports.Where(report => report.Failure is null).Select(report => report.Server))
        {
            await using RespConnection connection = await RespConnection.OpenAsync(server, options, cancellation);
            string cursor = "0";
            do
            {
                string from = cursor;
                RespReply page = await connection.AskAsync(
                    ask => ask.Command("SCAN", 5).Add(from).Add("MATCH"u8).Add($"{options.Prefix}:*").Add("COUNT"u8).Add(ScanPage), cancellation);
                cursor = page.Elements[0].Text!;
                keys.UnionWith(page.Elements[1].Texts);
            }
            while (cursor != "0");
        }
        return [.. keys.Order(StringComparer.Ordinal)];
    }

    private static async Task<T> WithServersAsync<T>(RedisOptions options, Func<RedisServers, Task<T>> work)
    {
        var servers = new RedisServers(options with { ReplyTimeout = partitionTimeout });
        try
        {
            return await work(servers);
        }
        catch (Exception exception) when (RedisServers.IsFailure(exception) && exception is RespRefusal or not IOException)
        {
            throw new StateStoreException($"Redis at {servers.Names} does not answer, or refuses: {exception.Message}", exception);
        }
    }
}
