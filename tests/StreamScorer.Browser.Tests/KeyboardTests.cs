namespace StreamScorer.Browser.Tests;

/// <summary>Everything an agent does is done without a mouse.</summary>
[Collection(ScreensCollection.Name)]
public sealed class KeyboardTests(ChromiumFixture chromium, SharedWorkerFixture shared)
{
    private RunningWorker Worker => shared.Worker;

    [Fact]
    public async Task A_call_from_search_to_explanation_needs_no_mouse()
    {
        await Worker.BuyAsync("first-caller", 60);
        await Worker.BuyAsync("second-caller", 300);
        await using WatchedPage agent = await WatchedPage.OpenAsync(chromium.Browser, Worker.Address, "/agent");
        IKeyboard keys = agent.Page.Keyboard;
        await agent.Page.WaitForSelectorAsync("#search-id:focus");

        await keys.TypeAsync("first-caller");
        await keys.PressAsync("Enter");
        await agent.WaitForTierAsync("silver");
        await keys.PressAsync("/");
        await keys.TypeAsync("second-caller");
        await keys.PressAsync("Enter");
        await agent.WaitForTierAsync("gold");
        await keys.PressAsync("w");
        await agent.Page.WaitForSelectorAsync("#signals[open] tbody tr");
        await keys.PressAsync("[");
        await agent.WaitForTierAsync("silver");
        await keys.PressAsync("]");
        await agent.WaitForTierAsync("gold");
        agent.AssertQuiet();
    }

    [Fact]
    public async Task Shortcuts_are_listed_and_can_be_switched_off()
    {
        await using WatchedPage agent = await WatchedPage.OpenAsync(chromium.Browser, Worker.Address, "/agent");
        IKeyboard keys = agent.Page.Keyboard;
        await agent.Page.WaitForSelectorAsync("#search-id:focus");
        await keys.PressAsync("Escape");

        await keys.PressAsync("l");
        await agent.Page.WaitForSelectorAsync("html[lang=zh-Hans]");
        await keys.PressAsync("l");
        await agent.Page.WaitForSelectorAsync("html[lang=en]");
        await keys.PressAsync("t");
        await agent.Page.WaitForSelectorAsync("html[data-theme=light]");
        await keys.PressAsync("?");
        Assert.True(await agent.Page.Locator("#help-keys dt").CountAsync() >= 9);
        await agent.Page.FocusAsync("#help-enabled");
        await keys.PressAsync("Space");
        await keys.PressAsync("Escape");
        await agent.Page.WaitForSelectorAsync("#help:not([open])", new() { State = WaitForSelectorState.Attached });
        await keys.PressAsync("l");

        Assert.Equal("en", await agent.Page.GetAttributeAsync("html", "lang"));
        agent.AssertQuiet();
    }

    [Theory]
    [InlineData("/agent?customer=tabbed", ".skip, .brand, #search-id, [type=submit], nav a, nav a, #language, #theme, #help-open, summary")]
    [InlineData("/", ".skip, .brand, #search-id, [type=submit], nav a, nav a, #language, #theme, #help-open, summary, [name=direction], #pause")]
    public async Task Tab_goes_through_the_page_in_its_order_with_focus_in_sight(string path, string order)
    {
        await Worker.BuyAsync("tabbed", 60);
        await using WatchedPage watched = await WatchedPage.OpenAsync(chromium.Browser, Worker.Address, path);
        await watched.WaitForConnectionAsync("live");
        await watched.Page.WaitForSelectorAsync("summary:visible");
        // Where a click on nothing would start: before everything.
        await watched.Page.EvaluateAsync("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')");

        foreach (string expected in order.Split(", "))
        {
            await watched.Page.Keyboard.PressAsync("Tab");
            string focused = await watched.Page.EvaluateAsync<string>("document.activeElement.outerHTML");
            Assert.True(await watched.Page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", expected), $"{expected} expected, but the focus is on {focused}");
            Assert.True(await watched.Page.EvaluateAsync<bool>(
                """
                () => {
                  const seen = document.activeElement.matches("[type=radio]") ? document.activeElement.nextElementSibling : document.activeElement;
                  return getComputedStyle(seen).outlineStyle === "solid" && parseFloat(getComputedStyle(seen).outlineWidth) >= 2;
                }
                """), $"the focus on {focused} cannot be seen");
        }
        watched.AssertQuiet();
    }
}
