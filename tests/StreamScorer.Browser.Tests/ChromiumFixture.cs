namespace StreamScorer.Browser.Tests;

/// <summary>One headless Chromium for all tests: the one that Debian installs, so that nothing is downloaded.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private const string ExecutablePath = "/usr/bin/chromium";

    private IPlaywright? playwright;

    /// <summary>The browser.</summary>
    public IBrowser Browser { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = ExecutablePath,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright?.Dispose();
    }
}

/// <summary>A browser and a worker are heavy: the tests that only look share them.</summary>
[CollectionDefinition(Name)]
public sealed class ScreensCollection : ICollectionFixture<ChromiumFixture>, ICollectionFixture<SharedWorkerFixture>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "screens";
}
