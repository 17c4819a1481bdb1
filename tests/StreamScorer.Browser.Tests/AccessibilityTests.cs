using System.Text.Json;
using Deque.AxeCore.Commons;

namespace StreamScorer.Browser.Tests;

/// <summary>Both pages in both languages and themes, by the rules that axe-core can check (WCAG 2.2 AA and best practice).</summary>
[Collection(ScreensCollection.Name)]
public sealed class AccessibilityTests(ChromiumFixture chromium, SharedWorkerFixture shared)
{
    private static readonly Lazy<string> axe = new(ReadAxe);

    private RunningWorker Worker => shared.Worker;

    [Theory]
    [InlineData("/agent?customer=seen-60", "#badge[data-tier=silver]", "en-GB", ColorScheme.Light)]
    [InlineData("/agent?customer=seen-300", "#badge[data-tier=gold]", "zh-CN", ColorScheme.Light)]
    [InlineData("/agent?customer=seen-9000", "#badge[data-tier=platinum]", "en-GB", ColorScheme.Dark)]
    [InlineData("/agent?customer=seen-loss", "#badge[data-tier=bronze]", "zh-CN", ColorScheme.Dark)]
    [InlineData("/agent?customer=seen-300", "#badge[data-tier=gold]", "en-GB", ColorScheme.Dark)]
    [InlineData("/agent?customer=nobody", "#message:not([hidden])", "en-GB", ColorScheme.Light)]
    [InlineData("/agent", "#welcome:not([hidden])", "zh-CN", ColorScheme.Dark)]
    [InlineData("/", "#pyramid:not([hidden])", "en-GB", ColorScheme.Light)]
    [InlineData("/", "#pyramid:not([hidden])", "en-GB", ColorScheme.Dark)]
    [InlineData("/", "#pyramid:not([hidden])", "zh-CN", ColorScheme.Light)]
    [InlineData("/", "#pyramid:not([hidden])", "zh-CN", ColorScheme.Dark)]
    public async Task Nothing_is_found_by_the_checker(string path, string ready, string locale, ColorScheme theme)
    {
        // Sent with every case, but with ids of their own: the worker knows a purchase that it has seen.
        foreach (int amount in (int[])[60, 300, 9_000])
            await Worker.BuyAsync($"seen-{amount}", amount, eventId: $"seen-{amount}");
        await Worker.PostAsync($$"""{"customerId":"seen-loss","id":"loss","time":"{{DateTime.UtcNow:O}}","type":"purchase","amount":1,"cost":900}""", "application/json");
        await using WatchedPage watched = await WatchedPage.OpenAsync(
            chromium.Browser, Worker.Address, path, new() { Locale = locale, ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
        await watched.Page.WaitForSelectorAsync(ready);

        Assert.Equal(locale == "zh-CN" ? "zh-Hans" : "en", await watched.Page.GetAttributeAsync("html", "lang"));
        string ground = await watched.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.Equal(theme == ColorScheme.Dark ? "rgb(14, 16, 20)" : "rgb(245, 244, 241)", ground);
        await AssertAccessibleAsync(watched);
        watched.AssertQuiet();
    }

    [Fact]
    public async Task Open_dialog_and_open_details_pass_too()
    {
        await Worker.BuyAsync("opened", 300);
        await using WatchedPage agent = await WatchedPage.OpenAgentAsync(chromium.Browser, Worker.Address, "opened", "gold");
        await agent.Page.ClickAsync("#signals summary");
        await agent.Page.WaitForSelectorAsync("#signals tbody tr");
        await AssertAccessibleAsync(agent);

        await agent.Page.ClickAsync("#help-open");
        await AssertAccessibleAsync(agent);
    }

    [Fact]
    public async Task Language_and_theme_are_remembered()
    {
        await using WatchedPage board = await WatchedPage.OpenAsync(chromium.Browser, Worker.Address, "/");
        await board.WaitForConnectionAsync("live");
        await board.Page.ClickAsync("#language");
        await board.Page.ClickAsync("#theme");
        await board.Page.ClickAsync("#theme");

        await board.Page.GotoAsync(new Uri(Worker.Address, "/agent").ToString());

        Assert.Equal("zh-Hans", await board.Page.GetAttributeAsync("html", "lang"));
        Assert.Equal("dark", await board.Page.GetAttributeAsync("html", "data-theme"));
        await board.Page.GetByRole(AriaRole.Heading, new() { Name = "哪位客户来电" }).WaitForAsync();
    }

    [Fact]
    public async Task Nothing_sticks_out_sideways_on_any_screen()
    {
        string longId = "a-customer-whose-id-is-longer-than-any-phone-is-wide-" + new string('x', 100);
        await Worker.BuyAsync(longId, 300);
        foreach (string path in (string[])["/", "/agent", WatchedPage.AgentPath(longId)])
        {
            await using WatchedPage watched = await WatchedPage.OpenAsync(chromium.Browser, Worker.Address, path);
            await watched.Page.WaitForSelectorAsync("#pyramid:not([hidden]), #welcome:not([hidden]), #customer:not([hidden])");
            foreach (int width in (int[])[320, 390, 820, 1024, 1366, 2560])
            {
                await watched.Page.SetViewportSizeAsync(width, 900);

                Assert.Equal((path, width), (path, await watched.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")));
            }
        }
    }

    private static async Task AssertAccessibleAsync(WatchedPage watched)
    {
        await watched.Page.EvaluateAsync(axe.Value);
        JsonElement violations = await watched.Page.EvaluateAsync<JsonElement>(
            """
            async () => {
              const { violations } = await axe.run({ rules: { "target-size": { enabled: true } } });
              return violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => `${node.target} ${node.failureSummary}`).join(" | ")}`);
            }
            """);
        Assert.Empty(violations.EnumerateArray().Select(violation => violation.GetString()));
    }

    private static string ReadAxe()
    {
        using Stream script = typeof(AxeResult).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
