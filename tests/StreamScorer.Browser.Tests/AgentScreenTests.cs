using System.Text.Json;

namespace StreamScorer.Browser.Tests;

/// <summary>What an agent sees of one customer.</summary>
[Collection(ScreensCollection.Name)]
public sealed class AgentScreenTests(ChromiumFixture chromium, SharedWorkerFixture shared)
{
    private RunningWorker Worker => shared.Worker;

    [Fact]
    public async Task A_tier_change_is_on_the_screen_within_a_second_of_the_event()
    {
        await Worker.BuyAsync("swift", 60);
        await using WatchedPage agent = await WatchedPage.OpenAgentAsync(chromium.Browser, Worker.Address, "swift", "silver");

        // The page sends the event itself, so that both instants are of one clock.
        long sentMs = await agent.Page.EvaluateAsync<long>(
            """
            async () => {
              const sent = Date.now();
              const event = { customerId: "swift", id: "o-2", time: new Date(sent).toISOString(), type: "purchase", amount: 5000 };
              const answer = await fetch("/v1/events", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(event) });
              return answer.status === 202 ? sent : 0;
            }
            """);
        await agent.WaitForTierAsync("platinum");

        DateTimeOffset shown = DateTimeOffset.Parse((await agent.Page.GetAttributeAsync("#badge", "data-shown-at"))!, null);
        Assert.InRange(shown.ToUnixTimeMilliseconds() - sentMs, 0, 1_000);
        await Assertions.Expect(agent.Page.Locator("#direction b")).ToHaveTextAsync("Up from silver");
        Assert.Equal("up", await agent.Page.GetAttributeAsync("#direction", "data-direction"));
        agent.AssertQuiet();
    }

    [Fact]
    public async Task Tier_value_advice_and_deadline_are_those_of_the_api()
    {
        await Worker.BuyAsync("told", 400);
        await using WatchedPage agent = await WatchedPage.OpenAgentAsync(chromium.Browser, Worker.Address, "told", "gold");

        JsonElement profile = await Worker.GetAsync("/v1/customers/told");
        Assert.Equal("told", await agent.TextAsync("h1#customer-id"));
        Assert.Equal("gold", await agent.TextAsync("#badge-name"), ignoreCase: true);
        Assert.Equal(profile.GetProperty("strategy").GetProperty("advice")[0].GetProperty("english").GetString(), await agent.TextAsync("#todo"));
        Assert.Equal($"US${Math.Round(profile.GetProperty("signals").GetProperty("customerValue").GetDouble()):0}", await agent.TextAsync("#value"));
        Assert.Contains(DateOnly.FromDateTime(profile.GetProperty("nextChange").GetProperty("at").GetDateTime()).ToString("d MMM yyyy"), await agent.TextAsync("#deadline-text"), StringComparison.Ordinal);
        Assert.Contains("Churn risk", (await agent.Page.GetAttributeAsync("#gauge", "aria-label"))!, StringComparison.Ordinal);
        Assert.Equal(profile.GetProperty("stage").GetString(), await agent.TextAsync("#stages [aria-current=step]"), ignoreCase: true);
        agent.AssertQuiet();
    }

    [Fact]
    public async Task A_customer_without_events_fills_the_screen_with_the_first_one()
    {
        await using WatchedPage agent = await WatchedPage.OpenAsync(chromium.Browser, Worker.Address, WatchedPage.AgentPath("newcomer"));
        await agent.Page.GetByRole(AriaRole.Heading, new() { Name = "No events of newcomer yet" }).WaitForAsync();
        await agent.WaitForConnectionAsync("live");

        await Worker.BuyAsync("newcomer", 300);

        await agent.WaitForTierAsync("gold");
        agent.AssertQuiet();
    }

    [Fact]
    public async Task Signals_are_explained_in_the_language_of_the_reader()
    {
        await Worker.BuyAsync("why", 80);
        await using WatchedPage agent = await WatchedPage.OpenAgentAsync(chromium.Browser, Worker.Address, "why", "silver");

        await agent.Page.ClickAsync("#signals summary");
        await agent.Page.GetByRole(AriaRole.Rowheader, new() { Name = "customer value", Exact = true }).WaitForAsync();
        await agent.Page.ClickAsync("#language");

        await agent.Page.WaitForSelectorAsync("html[lang=zh-Hans]");
        Assert.Equal(0, await agent.Page.GetByRole(AriaRole.Rowheader, new() { Name = "customer value", Exact = true }).CountAsync());
        agent.AssertQuiet();
    }

    [Fact]
    public async Task Screen_readers_hear_the_tier_and_what_to_do_once_per_change()
    {
        await Worker.BuyAsync("heard", 60);
        await using WatchedPage agent = await WatchedPage.OpenAgentAsync(chromium.Browser, Worker.Address, "heard", "silver");
        await Assertions.Expect(agent.Page.Locator("#announcer")).ToContainTextAsync("heard: silver");

        await Worker.BuyAsync("heard", 5_000);

        await Assertions.Expect(agent.Page.Locator("#announcer")).ToContainTextAsync("heard is now platinum. Up from silver.");
        Assert.Equal("polite", await agent.Page.GetAttributeAsync("#announcer", "aria-live"));
        agent.AssertQuiet();
    }

    [Fact]
    public async Task Nothing_moves_for_those_who_ask_for_that()
    {
        await Worker.BuyAsync("still", 60);
        await using WatchedPage agent = await WatchedPage.OpenAgentAsync(
            chromium.Browser, Worker.Address, "still", "silver", new() { ReducedMotion = ReducedMotion.Reduce, Locale = "en-GB" });
        await Worker.BuyAsync("still", 5_000);
        await agent.WaitForTierAsync("platinum");

        Assert.Equal(0, await agent.Page.EvaluateAsync<int>("document.getAnimations().filter(animation => animation.playState === 'running').length"));
    }
}
