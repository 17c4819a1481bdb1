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

    [Theory]
    [InlineData("agent")]
    [InlineData("board")]
    public async Task A_stream_that_stays_open_and_falls_silent_shows_after_the_promised_time_and_heals(string screen)
    {
        const int promisedSeconds = 60;
        await shared.Worker.BuyAsync("silent", 60);
        string profile = (await shared.Worker.GetAsync("/v1/customers/silent")).GetRawText();
        await using SilentStream silent = await SilentStream.OpenAsync(promisedSeconds, $$"""event: badge{{"\n"}}data: {"profile":{{profile}},"changes":[]}{{"\n\n"}}""");
        await using WatchedPage watched = await WatchedPage.OpenAsync(chromium.Browser, shared.Worker.Address, "about:blank");
        await watched.Page.RouteAsync("**/v1/streams/**", route => route.ContinueAsync(new() { Url = silent.Address }));
        await watched.Page.Clock.InstallAsync();
        await watched.Page.GotoAsync(new Uri(shared.Worker.Address, screen == "agent" ? WatchedPage.AgentPath("silent") : "/").ToString());
        await watched.WaitForConnectionAsync("live");

        // One missed heartbeat is no news yet, two are; from here on the page's clock moves by hand alone.
        await watched.Page.Clock.PauseAtAsync(DateTime.UtcNow.AddSeconds(promisedSeconds * 1.25));
        Assert.Equal("live", await watched.Page.GetAttributeAsync("#connection", "data-state"));
        await watched.Page.Clock.FastForwardAsync(promisedSeconds * 1_000L);
        await watched.WaitForConnectionAsync("lost");
        if (screen == "agent")
            await watched.Page.GetByText("Connection lost. Shown as of").WaitForAsync();

        await watched.Page.UnrouteAsync("**/v1/streams/**");
        await watched.Page.Clock.ResumeAsync();
        await watched.WaitForConnectionAsync("live");
        Assert.False(await watched.Page.Locator("#stale").IsVisibleAsync());
        watched.AssertQuiet();
    }
}
