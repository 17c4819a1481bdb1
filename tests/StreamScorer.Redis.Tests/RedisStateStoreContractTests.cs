using StreamScorer.Contracts;
using StreamScorer.Engine.Commit;
using Xunit;

namespace StreamScorer.Redis.Tests;

/// <summary>The store in Redis keeps the contract.</summary>
public sealed class RedisStateStoreContractTests(RedisServerFixture fixture) : StateStoreContract, IClassFixture<RedisServerFixture>
{
    protected override async Task<IStateStore> OpenEmptyStoreAsync() =>
        await RedisStateStore.OpenAsync(fixture.FreshOptions(), "transactions", CancellationToken.None);

    protected override async Task ForgetEverythingAsync() => await fixture.Server.ExecuteAsync("FLUSHALL");
}
