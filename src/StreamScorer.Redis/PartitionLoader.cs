using System.Globalization;
using System.Net;
using StackExchange.Redis;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Redis;

/// <summary>
/// Streams a partition out of Redis in pages: while one page is taken over, the server prepares the next, and memory holds a part of one whatever the size.
/// The caller owns the partition, so nothing changes meanwhile.
/// </summary>
internal sealed class PartitionLoader(PartitionConnection connection, PartitionKeys keys, RedisOptions options, CancellationToken cancellation)
{
    private const int EntriesPerPage = 1_000;

    private readonly IDatabase database = connection.Database;

    /// <returns>False when the scan gave another number of customers than the hash holds.</returns>
    public async Task<bool> LoadAsync(ILoadTarget target)
    {
        EndPoint server = await ReplyAsync(database.IdentifyEndpointAsync(keys.State, CommandFlags.DemandMaster))
            ?? throw new IOException("no server has the partition's keys");
        await using (HashScan scan = await HashScan.OpenAsync(server, options, cancellation))
        {
            if (!await ScanAsync(scan, keys.State, target.LoadHot) || !await ScanAsync(scan, keys.Cold, target.LoadCold))
                return false;
        }
        await LoadOutboxAsync(target);
        byte[]? ring = await ReplyAsync(database.StringGetAsync(keys.Recent));
        target.LoadRecent(ring);
        foreach (HashEntry erasure in await ReplyAsync(database.HashGetAllAsync(keys.Erased)))
            target.LoadErasure(ulong.Parse((string)erasure.Name!, NumberStyles.HexNumber, CultureInfo.InvariantCulture), (long)erasure.Value);
        return true;
    }

    private async Task<bool> ScanAsync(HashScan scan, RedisKey key, HashScan.Take take)
    {
        long expected = await ReplyAsync(database.HashLengthAsync(key));
        return await scan.RunAsync(key!, take, cancellation) == expected;
    }

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
