using System.Net;
using StackExchange.Redis;
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

    /// <summary>Writes a backup and reads it again.</summary>
    /// <returns>Number of keys.</returns>
    /// <exception cref="StateStoreException">There is nothing to copy, or Redis does not answer.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static Task<int> WriteAsync(RedisOptions options, string path, CancellationToken cancellation) => WithConnectionAsync(options, async connection =>
    {
        List<string> keys = await KeysAsync(connection, options.Prefix, cancellation);
        if (keys.Count == 0)
            throw new StateStoreException($"There is no key under prefix '{options.Prefix}'; check Redis:Prefix and Redis:Endpoints.");
        using (var writer = new BackupWriter(path))
        {
            foreach (IGrouping<string, string> slot in keys.GroupBy(SlotOf))
                await DumpAsync(connection.GetDatabase(), options.Prefix, [.. slot], writer, cancellation);
            writer.Complete();
        }
        return BackupReader.Read(path).Count();
    });

    /// <summary>Restores a backup under the prefix of <paramref name="options"/>, which may be another one than it was taken from. No worker may run.</summary>
    /// <param name="replaces">Removes what is there; else something there is an error.</param>
    /// <returns>Number of keys.</returns>
    /// <exception cref="StateStoreException">The file is damaged or is none of ours, something is there already, or Redis refuses.</exception>
    public static Task<int> RestoreAsync(RedisOptions options, string path, bool replaces, CancellationToken cancellation) =>
        WithConnectionAsync(options, async connection =>
        {
            int expected = BackupReader.Read(path).Count();
            List<string> present = await KeysAsync(connection, options.Prefix, cancellation);
            if (present.Count > 0 && !replaces)
                throw new StateStoreException($"There are {present.Count} keys under prefix '{options.Prefix}'; restore under another Redis:Prefix, or give --replace.");
            IDatabase database = connection.GetDatabase();
            foreach (string key in present)
                await database.KeyDeleteAsync(key).WaitAsync(cancellation);
            foreach ((string name, byte[] content) in BackupReader.Read(path))
                await database.KeyRestoreAsync(options.Prefix + name, content).WaitAsync(cancellation);
            return expected;
        });

    private static async Task DumpAsync(IDatabase database, string prefix, string[] keys, BackupWriter writer, CancellationToken cancellation)
    {
        ITransaction transaction = database.CreateTransaction();
        Task<byte[]?>[] contents = [.. keys.Select(key => transaction.KeyDumpAsync(key))];
        if (!await transaction.ExecuteAsync().WaitAsync(cancellation))
            throw new StateStoreException("Redis did not carry the copying transaction out; try again.");
        foreach ((string key, Task<byte[]?> content) in keys.Zip(contents))
        {
            // A key that has gone since it was listed.
            if (await content is { } bytes)
                writer.Add(key[prefix.Length..], bytes);
        }
    }

    /// <summary>What decides the cluster slot: the text between braces, else the whole key.</summary>
    private static string SlotOf(string key)
    {
        int open = key.IndexOf('{', StringComparison.Ordinal), close = key.IndexOf('}', open + 1);
        return open >= 0 && close > open + 1 ? key[open..close] : key;
    }

    private static async Task<List<string>> KeysAsync(ConnectionMultiplexer connection, string prefix, CancellationToken cancellation)
    {
        var keys = new HashSet<string>();
        foreach (EndPoint endpoint in connection.GetEndPoints())
        {
            IServer server = connection.GetServer(endpoint);
            // The client lists keys synchronously only; a replica's repeat their primary's.
            if (server.IsConnected)
                keys.UnionWith(await Task.Run(() => server.Keys(pattern: prefix + ":*", pageSize: ScanPage).Select(key => (string)key!).ToArray(), cancellation));
        }
        return [.. keys.Order(StringComparer.Ordinal)];
    }

    private static async Task<T> WithConnectionAsync<T>(RedisOptions options, Func<ConnectionMultiplexer, Task<T>> work)
    {
        string subject = $"Redis at {string.Join(',', options.Endpoints)}";
        try
        {
            ConnectionMultiplexer connection = await RedisConnection.ConnectAsync(options);
            try
            {
                return await work(connection);
            }
            finally
            {
                await connection.CloseAsync(allowCommandsToComplete: false);
            }
        }
        catch (Exception exception) when (RedisConnection.IsStoreFailure(exception) && exception is not IOException)
        {
            throw new StateStoreException($"{subject} does not answer, or refuses: {exception.Message}", exception);
        }
    }
}
