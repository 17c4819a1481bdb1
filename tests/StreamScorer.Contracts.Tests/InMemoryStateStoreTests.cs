using StreamScorer.Engine.Commit;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Contracts.Tests;

/// <summary>The in-memory store keeps the contract, so that what the simulator shows holds for the real ones; and its faults are as it says.</summary>
public sealed class InMemoryStateStoreTests : StateStoreContract
{
    private readonly InMemoryStateStore store = new();

    [Fact]
    public async Task Rolled_back_it_is_as_it_was_after_the_first_writes()
    {
        StoreOwner owner = await ClaimedAsync();
        await VersionedContent.CommitAsync(owner);
        await VersionedContent.CommitAsync(owner);
        int writes = store.WriteCount;
        await VersionedContent.CommitAsync(owner);
        await ClaimedAsync(partition: 1);

        store.RollBackTo(writes);

        Assert.Equal(writes, store.WriteCount);
        Assert.Equal(CommitOutcome.Stale, await owner.CommitAsync());
        Assert.Null(await store.ReadMetaAsync(1, CancellationToken.None));
        await owner.ClaimAsync();
        Assert.Equal(2, await VersionedContent.ReadVersionAsync(store, owner));
    }

    [Theory]
    [InlineData(CommitFault.LostRequest, 1)]
    [InlineData(CommitFault.LostReply, 2)]
    public async Task A_lost_request_is_not_written_and_a_lost_reply_is(CommitFault fault, long version)
    {
        StoreOwner owner = await ClaimedAsync();
        await VersionedContent.CommitAsync(owner);

        store.Fault = (_, _) => fault;
        Assert.Equal(CommitOutcome.Unknown, await VersionedContent.CommitAsync(owner));
        store.Fault = null;

        await owner.ClaimAsync();
        Assert.Equal(version, await VersionedContent.ReadVersionAsync(store, owner));
    }

    [Fact]
    public async Task While_it_is_unreachable_nothing_succeeds_and_nothing_changes()
    {
        StoreOwner owner = await ClaimedAsync();
        int writes = store.WriteCount;
        store.Reachable = false;

        Assert.False((await owner.Partition.ClaimAsync(1, CancellationToken.None)).Claimed);
        Assert.False(await owner.Partition.LoadAsync(new LoadedPartition(), CancellationToken.None));
        Assert.Equal(CommitOutcome.Unknown, await VersionedContent.CommitAsync(owner));

        Assert.Equal(writes, store.WriteCount);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_incarnations()
    {
        Assert.Equal(await IncarnationAsync(7), await IncarnationAsync(7));
        Assert.NotEqual(await IncarnationAsync(7), await IncarnationAsync(8));

        static async Task<long> IncarnationAsync(int seed) => (await (await StoreOwner.OpenAsync(new InMemoryStateStore(seed))).ClaimAsync()).Incarnation;
    }

    protected override Task<IStateStore> OpenEmptyStoreAsync() => Task.FromResult<IStateStore>(store);

    protected override Task ForgetEverythingAsync()
    {
        store.Flush();
        return Task.CompletedTask;
    }
}
