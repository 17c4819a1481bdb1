using System.Runtime.CompilerServices;
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
    private readonly RedisServers servers;
    private readonly RequestPool requests;

    private RedisStateStore(RedisServers servers, string topic)
    {
        (this.servers, this.topic, options) = (servers, topic, servers.Options);
        requests = new RequestPool(servers);
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
        var servers = new RedisServers(options);
        await StartChecks.RunAsync(servers, time ?? TimeProvider.System, cancellation);
        return new RedisStateStore(servers, topic);
    }

    /// <inheritdoc/>
    public ValueTask<IPartitionStore> OpenPartitionAsync(int partition, CancellationToken cancellation) =>
        ValueTask.FromResult<IPartitionStore>(new RedisPartitionStore(servers, Keys(partition)));

    /// <inheritdoc/>
    public async ValueTask<PartitionMeta?> ReadMetaAsync(int partition, CancellationToken cancellation)
    {
        string key = Keys(partition).Meta;
        RespReply fields = await AskAsync(key, ask => ask.Command("HGETALL", 1).Add(key), cancellation);
        return fields.Number == 0 ? null : MetaHash.Read(fields.Texts, key);
    }

    /// <inheritdoc/>
    public async ValueTask<StoredCustomer?> ReadCustomerAsync(int partition, ReadOnlyMemory<byte> customerId, CancellationToken cancellation)
    {
        PartitionKeys keys = Keys(partition);
        RespReply records = await AskAsync(
            keys.Meta,
            ask => ask.Command("EVAL", 5).Add(RedisScripts.ReadCustomer).Add(2).Add(keys.State).Add(keys.Cold).Add(customerId.Span),
            cancellation);
        return records.Elements[0].Bytes is { } hot ? new StoredCustomer(customerId.ToArray(), hot, records.Elements[1].Bytes ?? []) : null;
    }

    /// <summary>
    /// <inheritdoc/> Each customer's two records are of one instant. While commits remove customers, one may come twice.
    /// </summary>
    public async IAsyncEnumerable<StoredCustomer> ReadCustomersAsync(int partition, [EnumeratorCancellation] CancellationToken cancellation)
    {
        PartitionKeys keys = Keys(partition);
        string cursor = "0";
        do
        {
            string from = cursor;
            RespReply page = await AskAsync(
                keys.Meta,
                ask => ask.Command("EVAL", 6).Add(RedisScripts.ReadCustomers).Add(2).Add(keys.State).Add(keys.Cold).Add(from).Add(PageSize),
                cancellation);
            cursor = page.Elements[0].Text!;
            IReadOnlyList<RespReply> records = page.Elements[1].Elements;
            for (int i = 0; i < records.Count; i += 3)
                yield return new StoredCustomer(records[i].Bytes!, records[i + 1].Bytes!, records[i + 2].Bytes!);
        }
        while (cursor != "0");
    }

    /// <inheritdoc/>
    public async ValueTask<AppRecord> ReadOrCreateAppAsync(string topic, int partitionCount, int layout, CancellationToken cancellation)
    {
        AppRecord ifNew = AppHash.New(topic, partitionCount, layout);
        RespReply stored = await AskAsync(
            AppKey,
            ask => AppHash.Write(ask.Command("EVAL", 3 + (2 * AppHash.Fields)).Add(RedisScripts.ReadOrCreateApp).Add(1).Add(AppKey), ifNew),
            cancellation);
        return AppHash.Read(stored.Texts, AppKey);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReplaceAppAsync(AppRecord next, CancellationToken cancellation)
    {
        AppRecord replacing = next with { Revision = next.Revision + 1 };
        RespReply replaced = await AskAsync(
            AppKey,
            ask => AppHash.Write(ask.Command("EVAL", 4 + (2 * AppHash.Fields)).Add(RedisScripts.ReplaceApp).Add(1).Add(AppKey).Add(next.Revision), replacing),
            cancellation);
        return replaced.Number == 1;
    }

    /// <inheritdoc/>
    public async ValueTask<string?> ReadOrCreatePolicyAsync(long version, string? jsonIfNone, CancellationToken cancellation)
    {
        if (jsonIfNone is not null)
            await AskAsync(PoliciesKey, ask => ask.Command("HSETNX", 3).Add(PoliciesKey).Add(version).Add(jsonIfNone), cancellation);
        return (await AskAsync(PoliciesKey, ask => ask.Command("HGET", 2).Add(PoliciesKey).Add(version), cancellation)).Text;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<byte[]?>> ReadPopulationsAsync(int partitionCount, CancellationToken cancellation)
    {
        RespReply[] sketches = await Task.WhenAll(Enumerable.Range(0, partitionCount).Select(async partition =>
        {
            PartitionKeys keys = Keys(partition);
            return await AskAsync(keys.Meta, ask => ask.Command("GET", 1).Add(keys.Population), cancellation);
        }));
        return [.. sketches.Select(sketch => sketch.Bytes)];
    }

    /// <summary>Deletes everything under this store's prefix and topic, for stores that served one run. Nobody may be writing to it.</summary>
    /// <exception cref="StateStoreException">Redis does not answer; what is deleted by then stays deleted.</exception>
    public async ValueTask DeleteAsync(int partitionCount, CancellationToken cancellation)
    {
        for (int partition = 0; partition < partitionCount; partition++)
            await DeleteAsync(Keys(partition).All);
        await DeleteAsync(AppKey);
        await DeleteAsync(PoliciesKey);

        Task DeleteAsync(params string[] keys) => AskAsync(keys[0], ask => ask.Command("DEL", keys), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => requests.DisposeAsync();

    private string AppKey => $"{options.Prefix}:app";

    // Hash: policy version to JSON.
    private string PoliciesKey => $"{options.Prefix}:policies";

    private PartitionKeys Keys(int partition) => new(options.Prefix, topic, partition);

    private async Task<RespReply> AskAsync(string key, Action<RespWriter> write, CancellationToken cancellation)
    {
        try
        {
            return await requests.AskAsync(key, write, cancellation);
        }
        catch (Exception exception) when (RedisServers.IsFailure(exception))
        {
            throw new StateStoreException($"Redis at {servers.Names} does not answer: {exception.Message}", exception) { IsTransient = true };
        }
    }
}
