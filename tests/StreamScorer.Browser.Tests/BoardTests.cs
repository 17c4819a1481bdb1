using System.Text.Json;

namespace StreamScorer.Browser.Tests;

/// <summary>What an operator sees.</summary>
[Collection(ScreensCollection.Name)]
public sealed class BoardTests(ChromiumFixture chromium, SharedWorkerFixture shared)
{
    private RunningWorker Worker => shared.Worker;

    [Fact]
    public async Task Pyramid_and_curve_are_those_of_the_population()
    {
        await Worker.BuyAsync("board-platinum", 20_000);
        await Worker.BuyAsync("board-silver", 60);
        await using WatchedPage board = await WatchedPage.OpenAsync(chromium.Browser, Worker.Address, "/");
        await board.Page.WaitForSelectorAsync("#pyramid:not([hidden])");

        JsonElement population = await Worker.GetAsync("/v1/population");
        foreach (JsonElement tier in population.GetProperty("tiers").GetProperty("absolute").EnumerateArray())
        {
            string name = tier.GetProperty("tier").GetString()!;
            ILocator row = board.Page.Locator($"#pyramid [data-tier='{name}']");
            if (name == "unranked" && tier.GetProperty("customers").GetInt32() == 0)
            {
                Assert.Equal(0, await row.CountAsync());
                continue;
            }
            await Assertions.Expect(row.Locator(".customers small")).ToHaveTextAsync(tier.GetProperty("customers").GetInt32().ToString());
            string share = Math.Round(100 * tier.GetProperty("valueShare").GetDouble(), MidpointRounding.AwayFromZero).ToString("0") + "%";
            await Assertions.Expect(row.Locator(".value b")).ToHaveTextAsync(share);
        }
        string gini = population.GetProperty("value").GetProperty("gini").GetDouble().ToString("0.00");
        await Assertions.Expect(board.Page.Locator(".lorenz-gini")).ToHaveTextAsync(gini);
        Assert.Contains($"Gini {gini}", (await board.Page.GetAttributeAsync("#lorenz", "aria-label"))!, StringComparison.Ordinal);
        Assert.StartsWith("M0 100", (await board.Page.GetAttributeAsync(".lorenz-curve", "d"))!, StringComparison.Ordinal);
        Assert.NotEqual("–", await board.TextAsync("[data-figure=eventsPerSecond] .number"));
        board.AssertQuiet();
    }

    [Fact]
    public async Task The_feed_runs_filters_rests_and_leads_to_the_customer()
    {
        await using WatchedPage board = await WatchedPage.OpenAsync(chromium.Browser, Worker.Address, "/");
        await board.WaitForConnectionAsync("live");
        ILocator risen = board.Page.Locator("#feed li[data-direction=up]:has(a:text-is('board-riser'))");
        await Worker.BuyAsync("board-riser", 60);
        await Worker.BuyAsync("board-riser", 5_000);
        await risen.First.WaitForAsync();

        await board.Page.Keyboard.PressAsync("f");
        await board.Page.WaitForSelectorAsync("#filter [value=up]:checked", new() { State = WaitForSelectorState.Attached });
        Assert.Equal(0, await board.Page.Locator("#feed li[data-direction=down]").CountAsync());
        await board.Page.ClickAsync("#pause");
        await Worker.BuyAsync("board-late", 5_000);
        await Assertions.Expect(board.Page.Locator("#pause")).ToContainTextAsync("new");
        Assert.Equal(0, await board.Page.Locator("#feed a:text-is('board-late')").CountAsync());
        await board.Page.ClickAsync("#pause");
        await board.Page.Locator("#feed a:text-is('board-late')").First.WaitForAsync();

        await risen.First.Locator("a").ClickAsync();
        await board.WaitForTierAsync("platinum");
        board.AssertQuiet();
    }

    [Fact]
    public async Task What_falls_next_is_told_with_its_time()
    {
        // Of customers who have been silent for ever longer, some are always about to fall.
        await Worker.PostAsync(JsonSerializer.Serialize(Enumerable.Range(1, 40).Select(i => new
        {
            customerId = $"board-faller-{i}",
            id = $"f-{i}",
            time = DateTimeOffset.UtcNow.AddDays(-10 * i),
            type = "purchase",
            amount = 300,
        })), "application/json");
        await using WatchedPage board = await WatchedPage.OpenAsync(chromium.Browser, Worker.Address, "/");

        await board.Page.Locator("#falls li").First.WaitForAsync();

        JsonElement next = (await Worker.GetAsync("/v1/deadlines?limit=1")).GetProperty("items")[0];
        Assert.Equal(next.GetProperty("at").GetDateTime(), DateTime.Parse((await board.Page.Locator("#falls time").First.GetAttributeAsync("datetime"))!, null, System.Globalization.DateTimeStyles.RoundtripKind));
        Assert.StartsWith("in ", await board.Page.Locator("#falls time").Last.InnerTextAsync(), StringComparison.Ordinal);
        board.AssertQuiet();
    }
}
