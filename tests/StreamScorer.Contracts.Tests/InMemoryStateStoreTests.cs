using StreamScorer.Engine.Commit;
using StreamScorer.Testing.State;

namespace StreamScorer.Contracts.Tests;

/// <summary>The in-memory store keeps the contract, so that what the simulator shows holds for the real ones.</summary>
public sealed class InMemoryStateStoreTests : StateStoreContract
{
    private readonly InMemoryStateStore store = new();

    protected override Task<IStateStore> OpenEmptyStoreAsync() => Task.FromResult<IStateStore>(store);

    protected override Task ForgetEverythingAsync()
    {
        store.Flush();
        return Task.CompletedTask;
    }
}
