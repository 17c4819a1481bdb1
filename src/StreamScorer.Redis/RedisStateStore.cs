using System.Runtime.CompilerServices;
using StackExchange.Redis;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>
/// State in Redis: one server, or a cluster in which every partition is one slot.
/// Reads throw <see cref="StateStoreException"/> while Redis does not answer.
/// </summary>
public sealed class RedisStateStore : IStateStore
{
    private const int PageSize = 1_000;
    private readonly RedisOptions options;
    private readonly string topic;
    private readonly ConnectionMultiplexer reads;

    private RedisStateStore(RedisOptions options, string topic, ConnectionMultiplexer reads)
    {
        this.options = options;
        this.topic = topic;
        this.reads = reads;
    }

    /// <summary>Connects and checks that Redis can be trusted with state.</summary>
    /// <param name="topic">Name of the input whose state this is.</param>
    /// <param name="time">The host's clock, compared with the server's; null = the system's.</param>
    /// <exception cref="StateStoreException">Unreachable, set to evict keys, or with another time; the message names the fix.</exception>
    public static async ValueTask<RedisStateStore> OpenAsync(
        RedisOptions options, string topic, CancellationToken cancellation, TimeProvider? time = null)
    {
        if (options.Prefix.AsSpan().IndexOfAny('{', '}') >= 0)
            throw new StateStoreException($"Redis prefix is '{options.Prefix}'; braces are not allowed, they choose the cluster slot");
        ConnectionMultiplexer reads;
        try
        {
            reads = await RedisConnection.ConnectAsync(options).WaitAsync(cancellation);
        }
        catch (Exception exception) when (RedisConnection.IsStoreFailure(exception))
        {
            throw new StateStoreException(RedisInspection.Unreachable($"Redis at {string.Join(',', options.Endpoints)}", exception).Message, exception);
        }
        try
        {
            await StartChecks.RunAsync(reads, time ?? TimeProvider.System, cancellation);
            return new RedisStateStore(options, topic, reads);
        }
        catch
        {
            await reads.CloseAsync(allowCommandsToComplete: false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IPartitionStore> OpenPartitionAsync(int partition, CancellationToken cancellation) =>
        ValueTask.FromResult<IPartitionStore>(new RedisPartitionStore(options, Keys(partition)));

    /// <inheritdoc/>
    public async ValueTask<PartitionMeta?> ReadMetaAsync(int partition, CancellationToken cancellation)
    {
        RedisKey key = Keys(partition).Meta;
        HashEntry[] fields = await ReplyAsync(Database.HashGetAllAsync(key), cancellation);
        if (fields.Length == 0)
            return null;
        return MetaHash.Read(fields.Select(field => KeyValuePair.Create((string)field.Name!, (string?)field.Value)), key);
    }

    /// <inheritdoc/>
    public async ValueTask<StoredCustomer?> ReadCustomerAsync(int partition, ReadOnlyMemory<byte> customerId, CancellationToken cancellation)
    {
        PartitionKeys keys = Keys(partition);
        byte[] id = customerId.ToArray();
        var records = (byte[]?[])(await EvaluateAsync(RedisScripts.ReadCustomer, [keys.State, keys.Cold], [id], cancellation))!;
        return records[0] is { } hot ? new StoredCustomer(id, hot, records[1] ?? []) : null;
    }

    /// <summary>
    /// <inheritdoc/> Each customer's two records are of one instant. While commits remove customers, one may come twice.
    /// </summary>
    public async IAsyncEnumerable<StoredCustomer> ReadCustomersAsync(int partition, [EnumeratorCancellation] CancellationToken cancellation)
    {
        PartitionKeys keys = Keys(partition);
        RedisValue cursor = 0;
        do
        {
            var page = (RedisResult[])(await EvaluateAsync(RedisScripts.ReadCustomers, [keys.State, keys.Cold], [cursor, PageSize], cancellation))!;
            cursor = (RedisValue)page[0];
            var records = (byte[][])page[1]!;
            for (int i = 0; i < records.Length; i += 3)
                yield return new StoredCustomer(records[i], records[i + 1], records[i + 2]);
        }
        while (cursor != 0);
    }

    /// <inheritdoc/>
    public async ValueTask<AppRecord> ReadOrCreateAppAsync(string topic, int partitionCount, int layout, CancellationToken cancellation)
    {
        RedisValue[] ifNew = AppHash.Write(AppHash.New(topic, partitionCount, layout));
        return AppHash.Read((string[])(await EvaluateAsync(RedisScripts.ReadOrCreateApp, [AppKey], ifNew, cancellation))!, AppKey);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReplaceAppAsync(AppRecord next, CancellationToken cancellation) => (bool)await EvaluateAsync(
        RedisScripts.ReplaceApp, [AppKey], [next.Revision, .. AppHash.Write(next with { Revision = next.Revision + 1 })], cancellation);

    /// <inheritdoc/>
    public async ValueTask<string?> ReadOrCreatePolicyAsync(long version, string? jsonIfNone, CancellationToken cancellation)
    {
        if (jsonIfNone is not null)
            await ReplyAsync(Database.HashSetAsync(PoliciesKey, version, jsonIfNone, When.NotExists), cancellation);
        return await ReplyAsync(Database.HashGetAsync(PoliciesKey, version), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<byte[]?>> ReadPopulationsAsync(int partitionCount, CancellationToken cancellation)
    {
        Task<RedisValue>[] replies = [.. Enumerable.Range(0, partitionCount).Select(p => Database.StringGetAsync(Keys(p).Population))];
        RedisValue[] sketches = await ReplyAsync(Task.WhenAll(replies), cancellation);
        return [.. sketches.Select(sketch => (byte[]?)sketch)];
    }

    /// <summary>Deletes everything under this store's prefix and topic, for stores that served one run. Nobody may be writing to it.</summary>
    /// <exception cref="StateStoreException">Redis does not answer; what is deleted by then stays deleted.</exception>
    public async ValueTask DeleteAsync(int partitionCount, CancellationToken cancellation)
    {
        for (int partition = 0; partition < partitionCount; partition++)
            await ReplyAsync(Database.KeyDeleteAsync(Keys(partition).All), cancellation);
        await ReplyAsync(Database.KeyDeleteAsync([AppKey, PoliciesKey]), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await reads.CloseAsync(allowCommandsToComplete: false);

    private RedisKey AppKey => $"{options.Prefix}:app";

    // Hash: policy version to JSON.
    private RedisKey PoliciesKey => $"{options.Prefix}:policies";

    private IDatabase Database => reads.GetDatabase();

    private PartitionKeys Keys(int partition) => new(options.Prefix, topic, partition);

    private Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellation) =>
        ReplyAsync(Database.ScriptEvaluateAsync(script, keys, arguments, CommandFlags.NoScriptCache), cancellation);

    private async Task<T> ReplyAsync<T>(Task<T> reply, CancellationToken cancellation)
    {
        try
        {
            return await reply.WaitAsync(options.ReplyTimeout, cancellation);
        }
        catch (Exception exception) when (RedisConnection.IsStoreFailure(exception))
        {
            throw new StateStoreException($"Redis at {string.Join(',', options.Endpoints)} does not answer: {exception.Message}", exception) { IsTransient = true };
        }
    }
}
