using StreamScorer.Engine.Commit;
using Xunit;

namespace StreamScorer.Redis.Tests;

public sealed class RedisDeleteTests(RedisServerFixture fixture) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task A_deleted_store_knows_no_partition_and_others_keep_theirs()
    {
        RedisOptions mine = fixture.FreshOptions(), others = fixture.FreshOptions();
        await using RedisStateStore deleted = await ClaimedAsync(mine);
        await using RedisStateStore kept = await ClaimedAsync(others);

        await deleted.DeleteAsync(2, CancellationToken.None);

        Assert.Null(await deleted.ReadMetaAsync(1, CancellationToken.None));
        Assert.NotNull(await kept.ReadMetaAsync(1, CancellationToken.None));
    }

    private static async Task<RedisStateStore> ClaimedAsync(RedisOptions options)
    {
        RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None);
        await using IPartitionStore partition = await store.OpenPartitionAsync(1, CancellationToken.None);
        Assert.True((await partition.ClaimAsync(1, CancellationToken.None)).Claimed);
        return store;
    }
}
