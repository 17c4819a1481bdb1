using System.Net;
using System.Net.Sockets;
using StreamScorer.Engine.Commit;
using StreamScorer.Testing.Servers;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Redis.Tests;

/// <summary>The primary changes while a worker runs that was given both servers.</summary>
public sealed class RedisFailoverTests
{
    private const int Partitions = 16;

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
        Assert.Equal("first", await store.ReadOrCreatePolicyAsync(1, "first", CancellationToken.None));
        await SaysAsync(second, "master_link_status:up", "INFO", "replication");
        await SaysAsync(second, owner.Meta.Fence.ToString(), "HGET", "ss:{transactions:0}:meta", "fence");

        await second.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await first.ExecuteAsync("REPLICAOF", "127.0.0.1", $"{second.Port}");

        Assert.Equal("second", await store.ReadOrCreatePolicyAsync(2, "second", CancellationToken.None));
        Assert.Equal("second", await second.ExecuteAsync("HGET", "ss:policies", "2"));
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

    [Fact]
    public async Task A_server_that_never_answers_is_waited_for_once_whatever_the_number_of_keys()
    {
        await using RedisServerProcess primary = await RedisServerProcess.StartAsync();
        using TcpListener dark = Dark(0);
        // Those who wait for a search wait longer than for one reply.
        var options = new RedisOptions
        {
            Endpoints = [dark.LocalEndpoint.ToString()!, primary.Endpoint],
            ConnectTimeout = TimeSpan.FromSeconds(1.5),
            ReplyTimeout = TimeSpan.FromSeconds(1),
        };
        await using RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None);
        Assert.Equal(1, Connections(dark));

        IReadOnlyList<byte[]?> populations = await store.ReadPopulationsAsync(Partitions, CancellationToken.None);
        await ClaimAllAsync(store, 2 * Partitions);

        Assert.Equal(Partitions, populations.Count);
        Assert.Equal(1, Connections(dark));
    }

    [Fact]
    public async Task A_primary_that_stopped_answering_is_waited_for_once_whatever_the_number_of_its_keys()
    {
        await using RedisServerProcess primary = await RedisServerProcess.StartAsync();
        var network = new TcpProxy(primary.Port);
        var options = new RedisOptions { Endpoints = [network.Endpoint, primary.Endpoint], ConnectTimeout = TimeSpan.FromSeconds(1) };
        await using RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None);
        await ClaimAllAsync(store, Partitions);
        int port = IPEndPoint.Parse(network.Endpoint).Port;
        await network.DisposeAsync();
        using TcpListener dark = Dark(port);

        await ClaimAllAsync(store, Partitions);

        Assert.Equal(1, Connections(dark));
    }

    [Theory]
    [InlineData(":\n")]
    [InlineData("*0\r\n:0\r\n")]
    public async Task What_is_no_answer_is_a_claim_that_failed(string answer)
    {
        await using RedisServerProcess primary = await RedisServerProcess.StartAsync();
        await using var network = new TcpProxy(primary.Port);
        await using RedisStateStore store = await RedisStateStore.OpenAsync(
            new RedisOptions { Endpoints = [network.Endpoint] }, "transactions", CancellationToken.None);
        using TcpListener stranger = Dark(0);
        network.Cut();
        network.Heal(((IPEndPoint)stranger.LocalEndpoint).Port);
        await using IPartitionStore partition = await store.OpenPartitionAsync(0, CancellationToken.None);

        Task<ClaimResult> claiming = partition.ClaimAsync(1, CancellationToken.None).AsTask();
        using TcpClient client = await stranger.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync(StoreOwner.Bytes("+OK\r\n" + answer));

        ClaimResult claim = await claiming;
        Assert.False(claim.Claimed);
        Assert.StartsWith("Redis answered", claim.Error, StringComparison.Ordinal);
    }

    /// <summary>Takes connections and says nothing on them.</summary>
    private static TcpListener Dark(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }

    /// <summary>How many have connected since the last look.</summary>
    private static int Connections(TcpListener listener)
    {
        int count = 0;
        for (; listener.Pending(); count++)
            listener.AcceptTcpClient().Dispose();
        return count;
    }

    private static async Task ClaimAllAsync(RedisStateStore store, int partitions)
    {
        for (int number = 0; number < partitions; number++)
        {
            await using IPartitionStore partition = await store.OpenPartitionAsync(number, CancellationToken.None);
            Assert.True((await partition.ClaimAsync(1, CancellationToken.None)).Claimed);
        }
    }

    private static async Task SaysAsync(RedisServerProcess server, string expected, params string[] command)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!(await server.ExecuteAsync(command)).Contains(expected, StringComparison.Ordinal))
            await timer.WaitForNextTickAsync();
    }
}
