using StreamScorer.Engine.Commit;
using StreamScorer.Testing.Servers;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Redis.Tests;

/// <summary>The primary changes while a worker runs that was given both servers.</summary>
public sealed class RedisFailoverTests
{
    [Fact]
    [Trait("Fault", "F5")]
    public async Task A_replica_that_was_promoted_is_found_and_a_primary_that_became_a_replica_is_not_used()
    {
        await using RedisServerProcess first = await RedisServerProcess.StartAsync();
        // Else the replica's first copy waits five seconds for others that might want one.
        await first.ExecuteAsync("CONFIG", "SET", "repl-diskless-sync-delay", "0");
        await using RedisServerProcess second = await RedisServerProcess.StartAsync(new RedisServerOptions { ReplicaOf = first.Port });
        var options = new RedisOptions { Endpoints = [first.Endpoint, second.Endpoint] };
        await using RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None);
        await using StoreOwner owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync();
        Assert.Equal(CommitOutcome.Applied, await VersionedContent.CommitAsync(owner));
        Assert.Equal(1, await VersionedContent.ReadVersionAsync(store, owner));
        await SaysAsync(second, "master_link_status:up", "INFO", "replication");
        await SaysAsync(second, owner.Meta.Fence.ToString(), "HGET", "ss:{transactions:0}:meta", "fence");

        await second.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await first.ExecuteAsync("REPLICAOF", "127.0.0.1", $"{second.Port}");

        Assert.Equal(CommitOutcome.Unknown, await VersionedContent.CommitAsync(owner));
        await owner.ClaimAsync();
        Assert.Equal(CommitOutcome.Applied, await VersionedContent.CommitAsync(owner));
        Assert.Equal(2, await VersionedContent.ReadVersionAsync(store, owner));
        Assert.Equal(owner.Meta.Fence.ToString(), await second.ExecuteAsync("HGET", "ss:{transactions:0}:meta", "fence"));

        await first.KillAsync();
        Assert.Equal(CommitOutcome.Applied, await VersionedContent.CommitAsync(owner));
        Assert.Equal(3, await VersionedContent.ReadVersionAsync(store, owner));
    }

    [Fact]
    public async Task Where_no_server_is_a_primary_nothing_is_claimed_and_reads_say_so()
    {
        await using RedisServerProcess primary = await RedisServerProcess.StartAsync();
        await using RedisServerProcess replica = await RedisServerProcess.StartAsync(new RedisServerOptions { ReplicaOf = primary.Port });
        var options = new RedisOptions { Endpoints = [replica.Endpoint, replica.Endpoint] };
        await using RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None);
        await using IPartitionStore partition = await store.OpenPartitionAsync(0, CancellationToken.None);

        ClaimResult claim = await partition.ClaimAsync(1, CancellationToken.None);
        Assert.False(claim.Claimed);
        Assert.Contains("is a primary", claim.Error, StringComparison.Ordinal);
        StateStoreException failure = await Assert.ThrowsAsync<StateStoreException>(() => store.ReadMetaAsync(0, CancellationToken.None).AsTask());
        Assert.True(failure.IsTransient);
    }

    private static async Task SaysAsync(RedisServerProcess server, string expected, params string[] command)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!(await server.ExecuteAsync(command)).Contains(expected, StringComparison.Ordinal))
            await timer.WaitForNextTickAsync();
    }
}
