using System.Text.Json;
using System.Text.Json.Nodes;

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

    [Fact]
    public async Task A_latency_is_told_in_a_unit_that_people_read()
    {
        JsonNode status = JsonNode.Parse((await Worker.GetAsync("/v1/status")).GetRawText())!;
        (status["lagRecords"], status["lagSeconds"]) = (7, 300);
        string answer = WithLatency(0.84, 9_412);
        await using WatchedPage board = await WatchedPage.OpenAsync(chromium.Browser, Worker.Address, "/agent");
        await board.Page.RouteAsync("**/v1/status", route => route.FulfillAsync(new() { ContentType = "application/json", Body = answer }));
        await board.Page.GotoAsync(Worker.Address.ToString());
        ILocator median = board.Page.Locator("[data-figure=latency] .number"), slow = board.Page.Locator("[data-figure=latency] .caption");

        await Assertions.Expect(median).ToHaveTextAsync("0.8 ms");
        await Assertions.Expect(slow).ToHaveTextAsync("99% within 9,412 ms");
        await Assertions.Expect(board.Page.Locator("[data-figure=lag] .caption")).ToHaveTextAsync("5 min behind");
        answer = WithLatency(50_206, 150_000);
        await Assertions.Expect(median).ToHaveTextAsync("50 s");
        await Assertions.Expect(slow).ToHaveTextAsync("99% within 2.5 min");
        await board.Page.ClickAsync("#language");
        await Assertions.Expect(median).ToHaveTextAsync("50 秒");
        board.AssertQuiet();

        string WithLatency(double p50, double p99)
        {
            status["latencyMs"] = new JsonObject { ["p50"] = p50, ["p99"] = p99 };
            return status.ToJsonString();
        }
    }

    [Fact]
    public async Task What_happened_before_the_page_opened_is_shown_but_not_counted_as_of_the_last_minute()
    {
        await using WatchedPage board = await WatchedPage.OpenAsync(chromium.Browser, Worker.Address, "/");
        // Before that the purchase may be among what happened before the page opened.
        await board.WaitForConnectionAsync("live");
        await Worker.BuyAsync("board-rate", 60);
        ILocator listed = board.Page.Locator("#feed a:text-is('board-rate')");
        await listed.First.WaitForAsync();
        await Assertions.Expect(board.Page.Locator("#per-minute")).Not.ToHaveTextAsync("0 in the last minute");

        await board.Page.ReloadAsync();
        await listed.First.WaitForAsync();

        await Assertions.Expect(board.Page.Locator("#per-minute")).ToHaveTextAsync("0 in the last minute");
        board.AssertQuiet();
    }
}
