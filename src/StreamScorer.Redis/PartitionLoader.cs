using System.Buffers.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Redis;

/// <summary>
/// Streams a partition out of Redis in pages: while one page is taken over, the server prepares the next, and memory holds a part of one whatever the size. Of the outbox,
/// whose fields are as large as what a commit publishes, it holds a field at least.
/// The caller owns the partition, so nothing changes meanwhile.
/// </summary>
internal sealed class PartitionLoader(RespConnection connection, PartitionKeys keys, CancellationToken cancellation)
{
    private readonly HashScan scan = new(connection);

    /// <returns>False when a scan gave another number of fields than the hash holds.</returns>
    /// <exception cref="StateStoreException">What is stored cannot be read.</exception>
    /// <exception cref="IOException">The server refused, or the connection was lost.</exception>
    /// <exception cref="TimeoutException">There was no reply in time.</exception>
    public async Task<bool> LoadAsync(ILoadTarget target)
    {
        connection.Replies.Resize(HashScan.ReceiveBytes);
        if (!await ScanAsync(keys.State, target.LoadHot, target.ExpectHot) || !await ScanAsync(keys.Cold, target.LoadCold))
            return false;
        if (!await LoadOutboxAsync(target))
            return false;
        connection.Replies.Resize(HashScan.ReceiveBytes);
        target.LoadRecent((await connection.AskAsync(ask => ask.Command("GET", 1).Add(keys.Recent), cancellation)).Bytes);
        if (!await ScanAsync(keys.Erased, (customerHash, erasedAtMs) => target.LoadErasure(Hash(customerHash), Instant(erasedAtMs))))
            return false;
        connection.Replies.Resize(RespConnection.ReceiveBytes);
        return true;
    }

    private async Task<bool> ScanAsync(string key, HashScan.Take take, Action<long>? expect = null)
    {
        long expected = (await connection.AskAsync(ask => ask.Command("HLEN", 1).Add(key), cancellation)).Number;
        expect?.Invoke(expected);
        return await scan.RunAsync(key, take, cancellation) == expected;
    }

    // What is trimmed of a run whose last entry is not yet stays in it.
    private async Task<bool> LoadOutboxAsync(ILoadTarget target)
    {
        RespReply published = await connection.AskAsync(ask => ask.Command("HGET", 2).Add(keys.Meta).Add(MetaHash.PublishedSeq), cancellation);
        long trimmedSeq = Utf8Parser.TryParse(published.Bytes, out long number, out _) ? number : 0;
        var entries = new SortedDictionary<long, byte[]>();
        if (!await ScanAsync(keys.Outbox, (_, run) => Collect(run)))
            return false;
        foreach ((long seq, byte[] entry) in entries)
            target.LoadOutbox(seq, entry);
        return true;

        void Collect(ReadOnlySpan<byte> run)
        {
            while (!run.IsEmpty)
            {
                ReadOnlySpan<byte> entry = OutboxEntry.Take(ref run);
                if (OutboxEntry.SeqOf(entry) is var entrySeq && entrySeq > trimmedSeq)
                    entries[entrySeq] = entry.ToArray();
            }
        }
    }

    private ulong Hash(ReadOnlySpan<byte> field) =>
        Utf8Parser.TryParse(field, out ulong hash, out int digits, 'x') && digits == field.Length ? hash : throw Unreadable();

    private long Instant(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out long instantMs, out int digits) && digits == value.Length ? instantMs : throw Unreadable();

    private StateStoreException Unreadable() => new($"Redis key {keys.Erased} holds what is no hash of a customer and its instant; restore the key");
}
