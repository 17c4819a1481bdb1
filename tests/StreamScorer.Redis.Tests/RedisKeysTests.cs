using System.Globalization;
using System.Text.RegularExpressions;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Redis.Tests;

/// <summary>What a person sees who looks into Redis.</summary>
public sealed class RedisKeysTests(RedisServerFixture fixture) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task A_partition_is_six_keys_under_one_hash_tag()
    {
        RedisOptions options = fixture.FreshOptions();
        await using RedisStateStore store = await RedisStateStore.OpenAsync(options, "orders", CancellationToken.None);
        await using StoreOwner owner = await StoreOwner.OpenAsync(store, partition: 3);
        await owner.ClaimAsync();
        await owner.CommitAsync(commit =>
        {
            commit.PutHot([1], [1]);
            commit.PutCold([1], [1]);
            commit.Append(new OutboxEntry(1, OutboxKind.Transition, "id", null, null, []));
            commit.Remember(1);
            commit.PutPopulation([1]);
        });

        string[] keys = (await fixture.Server.ExecuteAsync("KEYS", $"{options.Prefix}:*")).Split('\n');

        string[] names = ["cold", "meta", "outbox", "population", "recent", "state"];
        Assert.Equal(names.Select(name => $"{options.Prefix}:{{orders:3}}:{name}"), keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_meta_is_readable_by_people()
    {
        RedisOptions options = fixture.FreshOptions();
        await using RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None);
        await using StoreOwner owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync(nowUnixMs: 1_700_000_000_000);
        await owner.CommitAsync(change: meta => meta with { Offset = 42, Counters = meta.Counters with { DeadLettered = 7 } });

        Assert.Equal("1700000000000:1", await FieldAsync("fence"));
        Assert.Equal("42", await FieldAsync("offset"));
        Assert.Equal("7", await FieldAsync("deadLettered"));

        Task<string> FieldAsync(string field) => fixture.Server.ExecuteAsync("HGET", $"{options.Prefix}:{{transactions:0}}:meta", field);
    }

    [Fact]
    public async Task A_trim_names_only_the_entries_that_are_there()
    {
        RedisOptions options = fixture.FreshOptions();
        await using RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None);
        await using StoreOwner owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync();
        await owner.CommitAsync(commit => commit.Append(owner.Entry("before")), meta => meta with { OutboxSeq = 1_000_000 });
        await owner.CommitAsync(commit => commit.Append(owner.Entry("behind")));
        await fixture.Server.ExecuteAsync("CONFIG", "RESETSTAT");

        await owner.CommitAsync(trimThroughSeq: 1_000_001);

        Match received = Regex.Match(await fixture.Server.ExecuteAsync("INFO", "stats"), "total_net_input_bytes:(\\d+)");
        Assert.InRange(long.Parse(received.Groups[1].Value, CultureInfo.InvariantCulture), 100, 10_000);
        Assert.Equal("0", await fixture.Server.ExecuteAsync("HLEN", $"{options.Prefix}:{{transactions:0}}:outbox"));
    }

    [Fact]
    public async Task What_a_commit_publishes_is_one_field_until_all_of_it_is_trimmed()
    {
        RedisOptions options = fixture.FreshOptions();
        await using RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None);
        await using StoreOwner owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync();
        await owner.CommitAsync(commit =>
        {
            for (int i = 0; i < 3; i++)
                commit.Append(owner.Entry($"entry {i}", ahead: i));
        });
        await owner.CommitAsync(commit => commit.Append(owner.Entry("single")));
        await owner.CommitAsync(trimThroughSeq: 2);

        Assert.Equal(["1-3", "4"], (await FieldsAsync()).Order());
        Assert.Equal([3, 4], (await owner.LoadAsync()).Outbox.Select(entry => entry.Key));

        await owner.CommitAsync(trimThroughSeq: 3);
        Assert.Equal(["4"], await FieldsAsync());

        async Task<string[]> FieldsAsync() => (await fixture.Server.ExecuteAsync("HKEYS", $"{options.Prefix}:{{transactions:0}}:outbox")).Split('\n');
    }

    [Theory]
    [InlineData("DEL meta", "meta has no fence")]
    [InlineData("HDEL meta fence", "meta has no fence")]
    [InlineData("SET outbox mine", "outbox is a string instead of a hash")]
    [InlineData("ZADD outbox 1 entry", "outbox is a zset instead of a hash: written by an earlier build, which must publish its outbox")]
    [InlineData("HSET outbox mine 1", "outbox has a field \"mine\"")]
    [InlineData("HSET outbox 1- 1", "outbox has a field \"1-\"")]
    [InlineData("HSET outbox 01 1", "outbox has a field \"01\"")]
    [InlineData("HSET outbox 5-3 1", "outbox has a field \"5-3\"")]
    [InlineData("HSET meta fence 7", "meta is \"7\" instead of epoch:commitSeq")]
    public async Task A_claim_of_a_damaged_partition_is_refused_with_the_key_that_is_wrong(string damage, string message)
    {
        RedisOptions options = fixture.FreshOptions();
        await using RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None);
        await using StoreOwner owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync();
        await owner.CommitAsync(commit => commit.PutHot([1], [1]));

        string[] words = damage.Split(' ');
        string key = $"{options.Prefix}:{{transactions:0}}:{words[1]}";
        await fixture.Server.ExecuteAsync([words[0], key, .. words[2..]]);
        var refusal = await Assert.ThrowsAsync<StateStoreException>(() => owner.Partition.ClaimAsync(1, CancellationToken.None).AsTask());

        Assert.False(refusal.IsTransient);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }
}
