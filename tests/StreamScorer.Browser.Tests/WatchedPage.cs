namespace StreamScorer.Browser.Tests;

/// <summary>A page of which everything is noted that a good page never does: errors on the console, uncaught exceptions, requests to other hosts.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly Uri address;
    private readonly List<string> complaints = [];

    private WatchedPage(IBrowserContext context, IPage page, Uri address)
    {
        (this.context, Page, this.address) = (context, page, address);
        page.Console += (_, message) => Note(message.Type is "error" or "warning" && !(MayLoseNetwork && IsAboutNetwork(message.Text)), message.Text);
        page.PageError += (_, error) => Note(true, error);
        page.Request += (_, request) => Note(!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal), $"request to {request.Url}");
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Whether the network fails on purpose: the browser itself writes every failed request to the console.</summary>
    public bool MayLoseNetwork { get; set; }

    /// <summary>Opens a page in a browser profile of its own.</summary>
    public static async Task<WatchedPage> OpenAsync(IBrowser browser, Uri address, string path, BrowserNewContextOptions? options = null)
    {
        IBrowserContext context = await browser.NewContextAsync(options ?? new BrowserNewContextOptions { Locale = "en-GB", TimezoneId = "UTC" });
        var watched = new WatchedPage(context, await context.NewPageAsync(), address);
        await watched.Page.GotoAsync(new Uri(address, path).ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        return watched;
    }

    /// <summary>Opens the agent screen of a customer and waits until it shows a tier.</summary>
    public static async Task<WatchedPage> OpenAgentAsync(IBrowser browser, Uri address, string customerId, string tier, BrowserNewContextOptions? options = null)
    {
        WatchedPage watched = await OpenAsync(browser, address, AgentPath(customerId), options);
        await watched.WaitForTierAsync(tier);
        await watched.WaitForConnectionAsync("live");
        return watched;
    }

    /// <summary>Address of a customer's agent screen.</summary>
    public static string AgentPath(string customerId) => $"/agent?customer={Uri.EscapeDataString(customerId)}";

    /// <summary>Completes when the badge shows a tier.</summary>
    public Task WaitForTierAsync(string tier) => Page.WaitForSelectorAsync($"#badge[data-tier='{tier}']");

    /// <summary>Completes when the page says that its connection is in a state.</summary>
    public Task WaitForConnectionAsync(string state) => Page.WaitForSelectorAsync($"#connection[data-state='{state}']");

    /// <summary>Cuts or mends the network between page and worker.</summary>
    public Task CutNetworkAsync(bool isCut)
    {
        MayLoseNetwork = true;
        return context.SetOfflineAsync(isCut);
    }

    /// <summary>The text of an element as people see it.</summary>
    public Task<string> TextAsync(string selector) => Page.Locator(selector).InnerTextAsync();

    /// <summary>Fails when anything was noted.</summary>
    public void AssertQuiet() => Assert.Empty(complaints);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => context.DisposeAsync();

    private static bool IsAboutNetwork(string text) => text.Contains("net::ERR_", StringComparison.Ordinal);

    private void Note(bool isWrong, string what)
    {
        if (isWrong)
            complaints.Add(what);
    }
}
