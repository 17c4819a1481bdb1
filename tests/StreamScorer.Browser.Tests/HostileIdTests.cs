namespace StreamScorer.Browser.Tests;

/// <summary>A customer id is text, whatever it looks like.</summary>
[Collection(ScreensCollection.Name)]
public sealed class HostileIdTests(ChromiumFixture chromium, SharedWorkerFixture shared)
{
    [Fact]
    public async Task Markup_in_an_id_is_shown_as_text_everywhere()
    {
        string[] customerIds =
            ["<img src=x onerror=globalThis.hacked=1>", "\"><script>globalThis.hacked=1</script>", "javascript:globalThis.hacked=1//", "{{7*7}}${7*7}' or ''='", "a/../b?c#d%2e"];
        RunningWorker worker = shared.Worker;
        await using WatchedPage board = await WatchedPage.OpenAsync(chromium.Browser, worker.Address, "/");
        foreach (string customerId in customerIds)
        {
            await board.WaitForConnectionAsync("live");
            await worker.BuyAsync(customerId, 300);
            ILocator link = board.Page.Locator("#feed a", new() { HasText = customerId }).First;
            await link.WaitForAsync();

            await link.ClickAsync();
            await board.WaitForTierAsync("gold");

            Assert.Equal(customerId, await board.Page.Locator("#customer-id").TextContentAsync());
            Assert.Equal(customerId, await board.Page.Locator("#search-id").InputValueAsync());
            await board.Page.GoBackAsync();
        }
        await board.Page.GotoAsync(new Uri(worker.Address, "/agent").ToString());
        foreach (string customerId in customerIds)
            await board.Page.Locator("#looked-at-list a", new() { HasText = customerId }).WaitForAsync();
        Assert.True(await board.Page.EvaluateAsync<bool>("globalThis.hacked === undefined"));
        board.AssertQuiet();
    }

    [Fact]
    public async Task The_policy_stops_a_script_that_got_in_all_the_same()
    {
        await using WatchedPage agent = await WatchedPage.OpenAsync(chromium.Browser, shared.Worker.Address, "/agent");

        Task<string> stopped = agent.Page.EvaluateAsync<string>(
            """
            () => new Promise(resolve => {
              document.addEventListener("securitypolicyviolation", violation => resolve(violation.effectiveDirective), { once: true });
              const script = document.createElement("script");
              script.textContent = "globalThis.hacked = 1";
              document.body.append(script);
            })
            """);

        Assert.Equal("script-src-elem", await stopped);
        Assert.True(await agent.Page.EvaluateAsync<bool>("globalThis.hacked === undefined"));
    }
}
