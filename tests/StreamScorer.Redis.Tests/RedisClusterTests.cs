using System.Globalization;
using StreamScorer.Engine.Commit;
using StreamScorer.Testing.Servers;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Redis.Tests;

/// <summary>Three servers share the partitions by their slots.</summary>
public sealed class RedisClusterTests : IAsyncLifetime
{
    private const int Partitions = 12;
    private static readonly string[] slots = ["0 5460", "5461 10922", "10923 16383"];
    private readonly List<RedisServerProcess> nodes = [];

    public async Task InitializeAsync()
    {
        foreach (string range in slots)
        {
            RedisServerProcess node = await RedisServerProcess.StartAsync(new RedisServerOptions { IsClusterNode = true });
            nodes.Add(node);
            await node.ExecuteAsync(["CLUSTER", "ADDSLOTSRANGE", .. range.Split(' ')]);
            await nodes[0].ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", $"{node.Port}");
        }
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        foreach (RedisServerProcess node in nodes)
        {
            while (await node.ExecuteAsync("CLUSTER", "INFO") is var info && !(Has(info, "cluster_state:ok") && Has(info, "cluster_slots_ok:16384")))
                await timer.WaitForNextTickAsync();
        }

        static bool Has(string info, string line) => info.Contains(line, StringComparison.Ordinal);
    }

    public async Task DisposeAsync()
    {
        foreach (RedisServerProcess node in nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Every_partition_is_claimed_committed_loaded_and_read_on_the_server_of_its_slot()
    {
        await using RedisStateStore store = await OpenAsync();
        await store.ReadOrCreateAppAsync("transactions", Partitions, 2, CancellationToken.None);
        for (byte partition = 0; partition < Partitions; partition++)
        {
            byte[] own = [partition];
            await using StoreOwner owner = await StoreOwner.OpenAsync(store, partition);
            await owner.ClaimAsync();
            CommitOutcome outcome = await owner.CommitAsync(commit =>
            {
                commit.PutHot("ann"u8, own);
                commit.PutPopulation(own);
            });
            Assert.Equal(CommitOutcome.Applied, outcome);
            Assert.Equal(own, (await owner.LoadAsync()).Hot[StoreOwner.Bytes("ann")]);
            Assert.Equal(own, (await store.ReadCustomerAsync(partition, StoreOwner.Bytes("ann"), CancellationToken.None))!.Hot);
        }

        IReadOnlyList<byte[]?> populations = await store.ReadPopulationsAsync(Partitions, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, Partitions), populations.Select(population => (int)population![0]));
        string[] sizes = await Task.WhenAll(nodes.Select(node => node.ExecuteAsync("DBSIZE")));
        Assert.All(sizes, size => Assert.NotEqual("0", size));
        await store.DeleteAsync(Partitions, CancellationToken.None);
        Assert.All(await Task.WhenAll(nodes.Select(node => node.ExecuteAsync("DBSIZE"))), size => Assert.Equal("0", size));
    }

    [Fact]
    public async Task A_partition_whose_slot_has_moved_is_found_where_it_is()
    {
        await using RedisStateStore store = await OpenAsync();
        await using StoreOwner owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync();
        Assert.Equal(CommitOutcome.Applied, await VersionedContent.CommitAsync(owner));
        Assert.NotNull(await store.ReadMetaAsync(0, CancellationToken.None));

        await MoveAsync("ss:{transactions:0}");

        Assert.Equal(1, (await store.ReadMetaAsync(0, CancellationToken.None))!.Value.Fence.CommitSeq);
        Assert.Equal(CommitOutcome.Unknown, await VersionedContent.CommitAsync(owner));
        await owner.ClaimAsync();
        Assert.Equal(CommitOutcome.Applied, await VersionedContent.CommitAsync(owner));
        Assert.Equal(2, await VersionedContent.ReadVersionAsync(store, owner));
    }

    [Fact]
    public async Task A_backup_has_the_keys_of_all_servers()
    {
        await using RedisStateStore store = await OpenAsync();
        for (int partition = 0; partition < Partitions; partition++)
        {
            await using IPartitionStore claimed = await store.OpenPartitionAsync(partition, CancellationToken.None);
            Assert.True((await claimed.ClaimAsync(1, CancellationToken.None)).Claimed);
        }
        string file = Path.Combine(nodes[0].DirectoryPath, "backup");

        Assert.Equal(Partitions, await RedisBackup.WriteAsync(Options, file, CancellationToken.None));
        Assert.Equal(Partitions, await RedisBackup.RestoreAsync(Options with { Prefix = "other" }, file, replaces: false, CancellationToken.None));

        await using RedisStateStore restored = await RedisStateStore.OpenAsync(Options with { Prefix = "other" }, "transactions", CancellationToken.None);
        for (int partition = 0; partition < Partitions; partition++)
            Assert.NotNull(await restored.ReadMetaAsync(partition, CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_does_not_say_what_belongs_to_its_cluster_is_not_backed_up_alone()
    {
        await using RedisStateStore store = await OpenAsync();
        for (int partition = 0; partition < Partitions; partition++)
        {
            await using IPartitionStore claimed = await store.OpenPartitionAsync(partition, CancellationToken.None);
            Assert.True((await claimed.ClaimAsync(1, CancellationToken.None)).Claimed);
        }
        Assert.NotEqual("0", await nodes[1].ExecuteAsync("DBSIZE"));
        await nodes[1].ExecuteAsync("ACL", "SETUSER", "default", "-cluster|slots");
        string file = Path.Combine(nodes[0].DirectoryPath, "backup");

        StateStoreException refusal = await Assert.ThrowsAsync<StateStoreException>(() => RedisBackup.WriteAsync(Options, file, CancellationToken.None));

        Assert.Contains("cluster|slots", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    // One node is enough to find the others.
    private RedisOptions Options => new() { Endpoints = [nodes[1].Endpoint] };

    private ValueTask<RedisStateStore> OpenAsync() => RedisStateStore.OpenAsync(Options, "transactions", CancellationToken.None);

    /// <summary>Moves a partition's slot to the next server, as resharding does.</summary>
    private async Task MoveAsync(string root)
    {
        string slot = await nodes[0].ExecuteAsync("CLUSTER", "KEYSLOT", root);
        int number = int.Parse(slot, CultureInfo.InvariantCulture);
        int holder = Array.FindIndex(slots, range => number <= int.Parse(range.Split(' ')[1], CultureInfo.InvariantCulture));
        RedisServerProcess from = nodes[holder], to = nodes[(holder + 1) % nodes.Count];
        string fromId = await from.ExecuteAsync("CLUSTER", "MYID"), toId = await to.ExecuteAsync("CLUSTER", "MYID");
        await to.ExecuteAsync("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
        await from.ExecuteAsync("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
        string[] keys = (await from.ExecuteAsync("CLUSTER", "GETKEYSINSLOT", slot, "100")).Split('\n');
        await from.ExecuteAsync(["MIGRATE", "127.0.0.1", $"{to.Port}", "", "0", "5000", "KEYS", .. keys]);
        foreach (RedisServerProcess node in (RedisServerProcess[])[to, from])
            await node.ExecuteAsync("CLUSTER", "SETSLOT", slot, "NODE", toId);
    }
}
