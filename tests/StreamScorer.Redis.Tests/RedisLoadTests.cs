using StreamScorer.Engine.Commit;
using StreamScorer.Testing.Servers;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Redis.Tests;

/// <summary>A partition comes back whole over the connection that it is loaded by.</summary>
public sealed class RedisLoadTests
{
    [Fact]
    public async Task Records_of_all_lengths_arrive_whole_wherever_the_network_cuts_them()
    {
        await using RedisServerProcess server = await RedisServerProcess.StartAsync();
        await using RedisStateStore store = await OpenAsync(server);
        await using StoreOwner owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync();
        var written = new Dictionary<string, byte[]>();
        // Together several times the reader's buffer, and one record alone more than all of it.
        for (int i = 0; i < 4_000; i++)
            written[$"customer {i}"] = Record(i == 1_234 ? 700_000 : i % 700, i);
        Assert.Equal(CommitOutcome.Applied, await owner.CommitAsync(commit =>
        {
            foreach ((string id, byte[] record) in written)
            {
                commit.PutHot(StoreOwner.Bytes(id), record);
                commit.PutCold(StoreOwner.Bytes(id), record.AsSpan(record.Length / 2));
            }
        }));

        LoadedPartition loaded = await owner.LoadAsync();

        Assert.Equal(written.Count, loaded.ExpectedHot);
        Assert.Equal(written.Count, loaded.Hot.Count);
        Assert.All(written, entry => Assert.Equal(entry.Value, loaded.Hot[StoreOwner.Bytes(entry.Key)]));
        Assert.All(written, entry => Assert.Equal(entry.Value[(entry.Value.Length / 2)..], loaded.Cold[StoreOwner.Bytes(entry.Key)]));
    }

    [Fact]
    public async Task A_server_with_a_password_is_loaded_from()
    {
        await using RedisServerProcess server = await RedisServerProcess.StartAsync(new RedisServerOptions { Password = "open sesame" });
        await using RedisStateStore store = await OpenAsync(server, "open sesame");
        await using StoreOwner owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync();
        Assert.Equal(CommitOutcome.Applied, await owner.CommitAsync(commit => commit.PutHot("ann"u8, Record(256, 1))));

        Assert.Equal([StoreOwner.Bytes("ann")], (await owner.LoadAsync()).Hot.Keys);
    }

    [Fact]
    public async Task A_server_that_refuses_to_scan_is_one_that_cannot_be_loaded_from()
    {
        await using RedisServerProcess server = await RedisServerProcess.StartAsync(new RedisServerOptions { DeniedCommand = "hscan" });
        await using RedisStateStore store = await OpenAsync(server);
        await using IPartitionStore partition = await store.OpenPartitionAsync(0, CancellationToken.None);
        Assert.True((await partition.ClaimAsync(1, CancellationToken.None)).Claimed);

        Assert.False(await partition.LoadAsync(new LoadedPartition(), CancellationToken.None));
    }

    private static async Task<RedisStateStore> OpenAsync(RedisServerProcess server, string? password = null) =>
        await RedisStateStore.OpenAsync(new RedisOptions { Endpoints = [server.Endpoint], Password = password }, "transactions", CancellationToken.None);

    private static byte[] Record(int length, int seed)
    {
        byte[] record = new byte[length];
        new Random(seed).NextBytes(record);
        return record;
    }
}
