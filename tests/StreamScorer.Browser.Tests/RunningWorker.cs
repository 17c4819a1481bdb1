using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using StreamScorer.Chaos;
using StreamScorer.Testing;

namespace StreamScorer.Browser.Tests;

/// <summary>A standalone worker as its users run it, on an address that stays the same when it is started again.</summary>
internal sealed class RunningWorker : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly HttpClient http;
    private readonly string[] settings;
    private WorkerProgram? program;

    /// <param name="settings">More of <c>KEY=VALUE</c>.</param>
    public RunningWorker(params string[] settings)
    {
        this.settings = settings;
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        http = new HttpClient { BaseAddress = Address };
    }

    /// <summary>Where its pages are.</summary>
    public Uri Address { get; }

    /// <summary>Starts it; completes when it answers.</summary>
    public async Task StartAsync()
    {
        program?.Dispose();
        IEnumerable<string> flags = settings.Prepend("Demo:Enabled=false").SelectMany(setting => (string[])["--set", setting]);
        program = WorkerProgram.Start(directory.Path, ["run", "--data", directory.Path, "--urls", Address.ToString(), .. flags]);
        await program.ErrorLineAsync("Web surface on ", CancellationToken.None);
    }

    /// <summary>Stops it in good order.</summary>
    public async Task StopAsync()
    {
        program!.Terminate();
        Assert.Equal(0, (await program.EndAsync()).ExitCode);
    }

    /// <summary>One purchase of the present moment.</summary>
    public Task BuyAsync(string customerId, decimal amount, string? eventId = null) => PostAsync(
        JsonSerializer.Serialize(new { customerId, id = eventId ?? Guid.NewGuid().ToString("N"), time = DateTimeOffset.UtcNow, type = "purchase", amount }), "application/json");

    /// <summary>Events as they are.</summary>
    public async Task PostAsync(string events, string mediaType)
    {
        using var content = new StringContent(events, Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
        using HttpResponseMessage answer = await http.PostAsync("/v1/events", content);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>A document of the API.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(await http.GetStringAsync(path));
        return document.RootElement.Clone();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        program?.Dispose();
        http.Dispose();
        directory.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
