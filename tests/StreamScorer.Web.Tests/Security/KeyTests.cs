using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StreamScorer.Testing;
using StreamScorer.Web.Tests.Running;
using StreamScorer.Worker.CommandLine;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Web.Tests.Security;

/// <summary>Keys as the command makes them, against a worker that listens beyond loopback.</summary>
public sealed class KeyTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Beyond_loopback_a_worker_without_keys_does_not_start()
    {
        OptionsException refused = await Assert.ThrowsAsync<OptionsException>(
            () => RunningWorker.StartAsync(directory.Path, ("Http:Urls", "http://0.0.0.0:0")));

        Assert.Contains("keys add", Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_opens_what_its_role_allows_and_nothing_once_it_is_revoked()
    {
        (string reader, string readerId) = await AddAsync("desk", "read");
        (string sender, _) = await AddAsync("shop", "ingest");
        (string admin, _) = await AddAsync("ops", "admin");
        await using RunningWorker worker = await RunningWorker.StartAsync(directory.Path, ("Http:Urls", "http://0.0.0.0:0"));
        worker.Http.BaseAddress = new Uri($"http://127.0.0.1:{worker.Http.BaseAddress!.Port}");

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized],
            [await GetAsync(worker, null), await GetAsync(worker, reader + "x"), await GetAsync(worker, "")]);
        Assert.Equal(HttpStatusCode.OK, (await worker.Http.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(worker, reader));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(worker, admin));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(worker, sender));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(worker, reader));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(worker, sender));
        Assert.Equal(HttpStatusCode.Forbidden, await DeleteAsync(worker, sender));
        Assert.Equal(HttpStatusCode.Accepted, await DeleteAsync(worker, admin));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(worker, HttpMethod.Get, "/", new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"agent:{reader}")))));

        await KeysAsync("revoke", readerId);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await GetAsync(worker, reader) != HttpStatusCode.Unauthorized)
            await timer.WaitForNextTickAsync();
        Assert.DoesNotContain(reader, await File.ReadAllTextAsync(directory.File("keys.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_to_wait()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(directory.Path, ("Http:RequestsPerSecondMax", "1"));

        HttpResponseMessage last = await worker.Http.GetAsync("/health/live");
        for (int i = 0; i < 5 && last.StatusCode == HttpStatusCode.OK; i++)
            last = await worker.Http.GetAsync("/health/live");

        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.True(last.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal("application/problem+json", last.Content.Headers.ContentType?.MediaType);
    }

    private async Task<(string Text, string Id)> AddAsync(string name, string role)
    {
        string text = (await KeysAsync("add", name, "--role", role)).Trim();
        string list = await KeysAsync("list");
        Assert.DoesNotContain(text, list, StringComparison.Ordinal);
        return (text, list.Split('\n').Last(line => line.EndsWith(name, StringComparison.Ordinal)).Split(' ')[0]);
    }

    private async Task<string> KeysAsync(params string[] arguments)
    {
        var output = new StringWriter();
        Assert.Equal(ExitCode.Ok, await StreamScorerCommand.InvokeAsync(["keys", .. arguments, "--data", directory.Path], output, TextWriter.Null));
        return output.ToString();
    }

    private static Task<HttpStatusCode> GetAsync(RunningWorker worker, string? key) => SendAsync(worker, HttpMethod.Get, "/v1/population", Bearer(key));

    private static Task<HttpStatusCode> DeleteAsync(RunningWorker worker, string key) => SendAsync(worker, HttpMethod.Delete, "/v1/customers/ann", Bearer(key));

    private static Task<HttpStatusCode> PostAsync(RunningWorker worker, string key) =>
        SendAsync(worker, HttpMethod.Post, "/v1/events", Bearer(key), new StringContent(Purchases.Json("ann", "1", 0), new MediaTypeHeaderValue("application/json")));

    private static AuthenticationHeaderValue? Bearer(string? key) => key is null ? null : new AuthenticationHeaderValue("Bearer", key);

    private static async Task<HttpStatusCode> SendAsync(
        RunningWorker worker, HttpMethod method, string path, AuthenticationHeaderValue? authorization, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = authorization;
        using HttpResponseMessage answer = await worker.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
