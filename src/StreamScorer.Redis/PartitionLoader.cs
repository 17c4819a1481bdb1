using System.Globalization;
using StackExchange.Redis;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Redis;

/// <summary>
/// Streams a partition out of Redis in pages: while one page is taken over, the server prepares the next, and memory holds two pages whatever the size.
/// The caller owns the partition, so nothing changes meanwhile.
/// </summary>
internal sealed class PartitionLoader(PartitionConnection connection, PartitionKeys keys, CancellationToken cancellation)
{
    // About 300 KB a reply. Larger ones are slower: the client parses an incomplete reply again from its start whenever more of it has arrived.
    private const int CustomersPerPage = 1_000;
    private const int EntriesPerPage = 1_000;

    private readonly IDatabase database = connection.Database;

    private delegate void Take(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record);

    /// <returns>False when the scan gave another number of customers than the hash holds.</returns>
    public async Task<bool> LoadAsync(ILoadTarget target)
    {
        if (!await ScanAsync(keys.State, target.LoadHot) || !await ScanAsync(keys.Cold, target.LoadCold))
            return false;
        await LoadOutboxAsync(target);
        byte[]? ring = await ReplyAsync(database.StringGetAsync(keys.Recent));
        target.LoadRecent(ring);
        foreach (HashEntry erasure in await ReplyAsync(database.HashGetAllAsync(keys.Erased)))
            target.LoadErasure(ulong.Parse((string)erasure.Name!, NumberStyles.HexNumber, CultureInfo.InvariantCulture), (long)erasure.Value);
        return true;
    }

    private async Task<bool> ScanAsync(RedisKey key, Take take)
    {
        long expected = await ReplyAsync(database.HashLengthAsync(key));
        long taken = 0;
        Task<RedisResult>? next = PageAsync(key, "0");
        while (next is not null)
        {
            var page = (RedisResult[])(await ReplyAsync(next))!;
            var cursor = (string)page[0]!;
            next = cursor == "0" ? null : PageAsync(key, cursor);
            var pairs = (RedisResult[])page[1]!;
            for (int i = 0; i < pairs.Length; i += 2)
                take((byte[])pairs[i]!, (byte[])pairs[i + 1]!);
            taken += pairs.Length / 2;
        }
        return taken == expected;
    }

    private Task<RedisResult> PageAsync(RedisKey key, string cursor) => database.ExecuteAsync("HSCAN", key, cursor, "COUNT", CustomersPerPage);

    private async Task LoadOutboxAsync(ILoadTarget target)
    {
        double after = double.NegativeInfinity;
        RedisValue[] page;
        do
        {
            page = await ReplyAsync(
                database.SortedSetRangeByScoreAsync(keys.Outbox, after, double.PositiveInfinity, Exclude.Start, Order.Ascending, 0, EntriesPerPage));
            foreach (RedisValue entry in page)
            {
                byte[] bytes = entry!;
                long seq = OutboxEntry.SeqOf(bytes);
                target.LoadOutbox(seq, bytes);
                after = seq;
            }
        }
        while (page.Length == EntriesPerPage);
    }

    private Task<T> ReplyAsync<T>(Task<T> reply) => connection.ReplyAsync(reply, cancellation);
}
