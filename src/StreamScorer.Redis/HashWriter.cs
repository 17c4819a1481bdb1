using StackExchange.Redis;

namespace StreamScorer.Redis;

/// <summary>Turns single writes to one hash into few commands, in an order that leaves the same result.</summary>
internal sealed class HashWriter(ITransaction transaction, RedisKey key)
{
    private readonly List<HashEntry> puts = [];
    private readonly List<RedisValue> removals = [];

    public void Put(byte[] field, byte[] value)
    {
        if (removals.Count > 0)
            Flush();
        puts.Add(new HashEntry(field, value));
    }

    public void Remove(byte[] field) => removals.Add(field);

    /// <summary>Puts before removals: a removal always waits behind the puts that came before it.</summary>
    public void Flush()
    {
        if (puts.Count > 0)
            _ = transaction.HashSetAsync(key, [.. puts], CommandFlags.FireAndForget);
        if (removals.Count > 0)
            _ = transaction.HashDeleteAsync(key, [.. removals], CommandFlags.FireAndForget);
        puts.Clear();
        removals.Clear();
    }
}
