using StreamScorer.Testing;

namespace StreamScorer.Browser.Tests;

/// <summary>A dropped connection shows, heals by itself, and nothing that happened meanwhile is missing.</summary>
[Collection(ScreensCollection.Name)]
public sealed class HealingTests(ChromiumFixture chromium, SharedWorkerFixture shared)
{
    [Fact]
    public async Task A_network_cut_shows_and_heals_with_what_happened_meanwhile()
    {
        RunningWorker worker = shared.Worker;
        await worker.BuyAsync("cut", 60);
        await using WatchedPage agent = await WatchedPage.OpenAgentAsync(chromium.Browser, worker.Address, "cut", "silver");

        await agent.CutNetworkAsync(true);
        await agent.WaitForConnectionAsync("lost");
        await agent.Page.GetByText("Connection lost. Shown as of").WaitForAsync();
        await worker.BuyAsync("cut", 5_000);
        await agent.CutNetworkAsync(false);

        await agent.WaitForTierAsync("platinum");
        await agent.WaitForConnectionAsync("live");
        await Assertions.Expect(agent.Page.Locator("#direction b")).ToHaveTextAsync("Up from silver");
        Assert.False(await agent.Page.Locator("#stale").IsVisibleAsync());
        agent.AssertQuiet();
    }

    [Fact]
    public async Task A_restart_of_the_worker_shows_and_heals()
    {
        using var directory = new TempDirectory();
        using var worker = new RunningWorker(SharedWorkerFixture.AbsoluteBadge(directory));
        await worker.StartAsync();
        await worker.BuyAsync("steady", 60);
        await using WatchedPage agent = await WatchedPage.OpenAgentAsync(chromium.Browser, worker.Address, "steady", "silver");
        await using WatchedPage board = await WatchedPage.OpenAsync(chromium.Browser, worker.Address, "/");
        await board.WaitForConnectionAsync("live");
        agent.MayLoseNetwork = board.MayLoseNetwork = true;

        await worker.StopAsync();
        await Task.WhenAll(agent.WaitForConnectionAsync("lost"), board.WaitForConnectionAsync("lost"));
        Assert.Equal("silver", await agent.Page.GetAttributeAsync("#badge", "data-tier"));
        await worker.StartAsync();
        await Task.WhenAll(agent.WaitForConnectionAsync("live"), board.WaitForConnectionAsync("live"));
        await worker.BuyAsync("steady", 5_000);

        await agent.WaitForTierAsync("platinum");
        await board.Page.WaitForSelectorAsync("#feed li:has(a:text-is('steady'))");
        agent.AssertQuiet();
        board.AssertQuiet();
    }
}
