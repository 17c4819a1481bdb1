using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Contracts;

/// <summary>Erasure markers, emptying for a rebuild, and what all workers share.</summary>
public abstract partial class StateStoreContract
{
    [Fact]
    public async Task Erasure_markers_stay_until_they_are_removed()
    {
        StoreOwner owner = await ClaimedAsync();
        await AppliedAsync(owner.CommitAsync(commit =>
        {
            commit.PutErasure(1, 100);
            commit.PutErasure(ulong.MaxValue, -5);
            commit.PutErasure(3, 300);
        }));
        await AppliedAsync(owner.CommitAsync(commit =>
        {
            commit.PutErasure(1, 150);
            commit.RemoveErasure(3);
            commit.RemoveErasure(4);
        }));

        Assert.Equal([new(1, 150), new(ulong.MaxValue, -5)], (await owner.LoadAsync()).Erasures);
    }

    [Fact]
    public async Task A_reset_empties_the_partition_but_for_its_outbox_and_erasure_markers()
    {
        StoreOwner owner = await ClaimedAsync();
        StoreOwner neighbour = await ClaimedAsync(partition: 1);
        await AppliedAsync(neighbour.CommitAsync(Everything));
        await AppliedAsync(owner.CommitAsync(commit =>
        {
            Everything(commit);
            commit.PutErasure(7, 70);
        }));
        await AppliedAsync(owner.CommitAsync(commit =>
        {
            commit.ResetState();
            commit.PutHot(Id("first again"), Record(1));
        }));

        LoadedPartition loaded = await owner.LoadAsync();
        Assert.Equal([Id("first again")], loaded.Hot.Keys);
        Assert.Empty(loaded.Cold);
        Assert.Single(loaded.Outbox);
        Assert.Equal([new(7, 70)], loaded.Erasures);
        Assert.DoesNotContain((byte)99, loaded.Recent);
        Assert.Equal([null, [1, 2, 3]], await Store.ReadPopulationsAsync(2, CancellationToken.None));
        Assert.Single((await neighbour.LoadAsync()).Hot);
    }

    [Fact]
    public async Task What_workers_share_is_begun_once_with_a_random_identity_and_key()
    {
        AppRecord begun = await Store.ReadOrCreateAppAsync("a", 8, 2, CancellationToken.None);
        Assert.Equal(("a", 8, 2, PartitionerKind.Unknown), (begun.Topic, begun.PartitionCount, begun.Layout, begun.Partitioner));
        Assert.NotEqual(0, begun.Incarnation);
        Assert.NotEqual(UInt128.Zero, begun.ErasureKey);
        Assert.Equal(begun, await Store.ReadOrCreateAppAsync("b", 16, 3, CancellationToken.None));
    }

    [Fact]
    public async Task Of_two_that_change_the_shared_record_at_once_one_is_refused()
    {
        AppRecord begun = await Store.ReadOrCreateAppAsync("a", 8, 2, CancellationToken.None);
        Assert.True(await Store.ReplaceAppAsync(begun with { Partitioner = PartitionerKind.Crc32, Layout = 3, ResumedAtMs = 5 }, CancellationToken.None));
        Assert.False(await Store.ReplaceAppAsync(begun with { Partitioner = PartitionerKind.Murmur2 }, CancellationToken.None));

        AppRecord stored = await Store.ReadOrCreateAppAsync("a", 8, 2, CancellationToken.None);
        Assert.Equal(begun with { Partitioner = PartitionerKind.Crc32, Layout = 3, ResumedAtMs = 5, Revision = begun.Revision + 1 }, stored);
    }

    [Fact]
    public async Task Policies_are_kept_by_version_and_never_replaced()
    {
        Assert.Null(await Store.ReadOrCreatePolicyAsync(2, null, CancellationToken.None));
        Assert.Equal("two", await Store.ReadOrCreatePolicyAsync(2, "two", CancellationToken.None));
        Assert.Equal("two", await Store.ReadOrCreatePolicyAsync(2, "other", CancellationToken.None));
        Assert.Equal("三", await Store.ReadOrCreatePolicyAsync(3, "三", CancellationToken.None));
        Assert.Equal("two", await Store.ReadOrCreatePolicyAsync(2, null, CancellationToken.None));
    }
}
