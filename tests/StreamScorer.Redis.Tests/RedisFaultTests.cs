using StreamScorer.Engine.Commit;
using StreamScorer.Testing.Servers;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Redis.Tests;

/// <summary>The server dies, hangs, refuses or restarts; each test harms a server of its own.</summary>
public sealed class RedisFaultTests : IAsyncLifetime
{
    private RedisServerProcess server = null!;
    private RedisStateStore store = null!;
    private StoreOwner owner = null!;

    private RedisOptions Options => new() { Endpoints = [server.Endpoint], ReplyTimeout = TimeSpan.FromSeconds(20) };

    public async Task InitializeAsync()
    {
        server = await RedisServerProcess.StartAsync(new RedisServerOptions { AppendOnly = true });
        store = await RedisStateStore.OpenAsync(Options, "transactions", CancellationToken.None);
        owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync();
        await AppliedAsync(owner);
    }

    public async Task DisposeAsync()
    {
        await owner.DisposeAsync();
        await store.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_commit_in_flight_when_the_server_is_killed_ends_unknown_and_the_next_claim_succeeds()
    {
        server.Pause();
        Task<CommitOutcome> inFlight = VersionedContent.CommitAsync(owner);
        await server.KillAsync();

        Assert.Equal(CommitOutcome.Unknown, await inFlight);

        await server.RestartAsync();
        await owner.ClaimAsync();
        Assert.Equal(1, await ReadVersionAsync());
        await AppliedAsync(owner);
    }

    [Fact]
    public async Task Whenever_the_server_is_killed_no_acknowledged_commit_is_lost_and_none_is_torn()
    {
        var many = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<long> committing = Task.Run(async () =>
        {
            while (await VersionedContent.CommitAsync(owner) == CommitOutcome.Applied)
            {
                if (owner.Meta.Fence.CommitSeq == 50)
                    many.SetResult();
            }
            return owner.Meta.Fence.CommitSeq;
        });
        await many.Task;
        await server.KillAsync();
        long acknowledged = await committing;

        await server.RestartAsync();
        await owner.ClaimAsync();
        Assert.InRange(await ReadVersionAsync(), acknowledged, acknowledged + 1);
    }

    [Fact]
    public async Task A_commit_that_the_server_answers_too_late_ends_unknown_and_the_next_claim_tells_what_became_of_it()
    {
        await using RedisStateStore impatient = await RedisStateStore.OpenAsync(
            Options with { ReplyTimeout = TimeSpan.FromMilliseconds(200) }, "transactions", CancellationToken.None);
        await using StoreOwner hurried = await StoreOwner.OpenAsync(impatient);
        await hurried.ClaimAsync();
        server.Pause();
        Assert.Equal(CommitOutcome.Unknown, await VersionedContent.CommitAsync(hurried));
        server.Resume();

        await owner.ClaimAsync();
        Assert.InRange(await VersionedContent.ReadVersionAsync(store, owner), 1, 2);
        await AppliedAsync(owner);
    }

    [Fact]
    public async Task A_server_out_of_memory_refuses_a_commit_whole_and_takes_it_when_it_has_room()
    {
        await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        Assert.Equal(CommitOutcome.Unknown, await VersionedContent.CommitAsync(owner));
        ClaimResult refused = await owner.Partition.ClaimAsync(1, CancellationToken.None);
        Assert.False(refused.Claimed);
        Assert.Contains("OOM", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, await VersionedContent.ReadVersionAsync(store, owner));

        await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await owner.ClaimAsync();
        await AppliedAsync(owner);
    }

    [Fact]
    public async Task A_connection_that_was_closed_while_nothing_was_said_costs_no_commit_and_the_fence_still_counts()
    {
        await HangUpAsync();
        await AppliedAsync(owner);
        await using StoreOwner newer = await StoreOwner.OpenAsync(store);
        await newer.ClaimAsync();

        await HangUpAsync();

        Assert.Equal(CommitOutcome.Fenced, await VersionedContent.CommitAsync(owner));
        await AppliedAsync(newer);

        Task HangUpAsync() => server.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal");
    }

    [Fact]
    public async Task A_server_that_became_a_replica_takes_no_commit()
    {
        await server.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        Assert.Equal(CommitOutcome.Unknown, await VersionedContent.CommitAsync(owner));
    }

    [Fact]
    public async Task A_load_during_which_the_server_restarts_says_that_it_is_incomplete()
    {
        await owner.CommitAsync(commit =>
        {
            for (int i = 0; i < 30_000; i++)
                commit.PutHot(BitConverter.GetBytes(i), new byte[100]);
        });
        var interrupted = new Interruption(() =>
        {
            server.KillAsync().GetAwaiter().GetResult();
            server.RestartAsync().GetAwaiter().GetResult();
        });

        Assert.False(await Task.Run(() => owner.Partition.LoadAsync(interrupted, CancellationToken.None).AsTask()));
    }

    [Fact]
    public async Task Reads_while_the_server_is_gone_say_so()
    {
        await server.KillAsync();
        StateStoreException failure = await Assert.ThrowsAsync<StateStoreException>(() => store.ReadMetaAsync(0, CancellationToken.None).AsTask());
        Assert.Contains($"Redis at {server.Endpoint} does not answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_under_way_when_the_store_is_closed_is_answered_and_leaves_no_connection()
    {
        Assert.NotNull(await store.ReadMetaAsync(0, CancellationToken.None));
        await owner.DisposeAsync();
        server.Pause();
        Task<PartitionMeta?> asking = store.ReadMetaAsync(0, CancellationToken.None).AsTask();
        await store.DisposeAsync();
        server.Resume();

        Assert.NotNull(await asking);

        using var limit = new CancellationTokenSource(Options.ReplyTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await server.ExecuteAsync("CLIENT", "LIST")).Contains("name=streamscorer", StringComparison.Ordinal))
            await timer.WaitForNextTickAsync(limit.Token);
    }

    private Task<long> ReadVersionAsync() => VersionedContent.ReadVersionAsync(store, owner);

    private static async Task AppliedAsync(StoreOwner owner) => Assert.Equal(CommitOutcome.Applied, await VersionedContent.CommitAsync(owner));

    /// <summary>Does something when the first customer comes.</summary>
    private sealed class Interruption(Action interrupt) : ILoadTarget
    {
        private Action? pending = interrupt;

        public void LoadHot(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record) => Interlocked.Exchange(ref pending, null)?.Invoke();

        public void LoadCold(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> record)
        {
        }

        public void LoadOutbox(long seq, ReadOnlySpan<byte> entry)
        {
        }

        public void LoadRecent(ReadOnlySpan<byte> ring)
        {
        }

        public void LoadErasure(ulong customerHash, long erasedAtMs)
        {
        }
    }
}
