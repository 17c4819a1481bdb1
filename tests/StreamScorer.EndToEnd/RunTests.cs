using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamScorer.Testing;

namespace StreamScorer.EndToEnd;

/// <summary><c>run</c> with nothing configured: standalone, demo stream, page.</summary>
public sealed class RunTests : IDisposable
{
    private readonly TempDirectory directory = new();
    private HttpClient http = new();
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));

    public void Dispose()
    {
        directory.Dispose();
        http.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task A_worker_without_configuration_shows_transitions_as_they_happen_and_stops_in_good_order()
    {
        using WorkerProgram worker = await StartAsync();

        JsonElement transition = await FirstTransitionAsync();
        string customer = transition.GetProperty("data").GetProperty("customerId").GetString()!;
        JsonElement profile = await http.GetFromJsonAsync<JsonElement>($"/v1/customers/{customer}", patience.Token);
        Assert.Equal(customer, profile.GetProperty("customerId").GetString());
        Assert.True(profile.GetProperty("tiers").TryGetProperty("pyramid", out _));

        JsonElement population = await http.GetFromJsonAsync<JsonElement>("/v1/population", patience.Token);
        Assert.Equal(
            population.GetProperty("customers").GetInt64(),
            population.GetProperty("schemes").GetProperty("churn").EnumerateObject().Sum(tier => tier.Value.GetInt64()));

        worker.Terminate();
        ProgramResult result = await worker.EndAsync();
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Stopped in good order", result.Errors, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    [Fact]
    public async Task The_page_and_its_parts_are_served_with_a_strict_policy()
    {
        using WorkerProgram worker = await StartAsync();

        foreach ((string path, string type) in new[]
        {
            ("/", "text/html"), ("/assets/board.css", "text/css"), ("/assets/board.js", "text/javascript"), ("/assets/agent.js", "text/javascript"), ("/assets/mark.svg", "image/svg+xml"),
        })
        {
            using HttpResponseMessage response = await http.GetAsync(path, patience.Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
            Assert.StartsWith("default-src 'none'", string.Join(' ', response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/assets/..%2fboard.html", patience.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/customers/nobody", patience.Token)).StatusCode);
    }

    [Fact]
    public async Task A_restarted_worker_goes_on_where_it_stopped()
    {
        long applied;
        using (WorkerProgram first = await StartAsync())
        {
            await FirstTransitionAsync();
            first.Terminate();
            Assert.Equal(0, (await first.EndAsync()).ExitCode);
        }

        using WorkerProgram second = await StartAsync();
        string started = await second.ErrorLineAsync("events already in the log", patience.Token);
        Assert.DoesNotContain(" 0 events already in the log", started, StringComparison.Ordinal);
        applied = (await http.GetFromJsonAsync<JsonElement>("/v1/population", patience.Token)).GetProperty("applied").GetInt64();
        Assert.True(applied > 0);
    }

    [Fact]
    public async Task Two_workers_do_not_share_a_data_directory()
    {
        using WorkerProgram first = await StartAsync();

        ProgramResult second = await WorkerProgram.RunAsync("run", "--data", directory.Path, "--urls", "none");

        Assert.Equal(4, second.ExitCode);
        Assert.Contains("in use by another worker", second.Errors, StringComparison.Ordinal);
    }

    private async Task<WorkerProgram> StartAsync()
    {
        WorkerProgram worker = WorkerProgram.Start(directory.Path, "run", "--data", directory.Path, "--urls", "http://127.0.0.1:0");
        string open = await worker.ErrorLineAsync("Web surface on ", patience.Token);
        http.Dispose();
        http = new HttpClient { BaseAddress = new Uri(open[(open.IndexOf("Web surface on ", StringComparison.Ordinal) + "Web surface on ".Length)..]) };
        return worker;
    }

    private async Task<JsonElement> FirstTransitionAsync()
    {
        await using Stream stream = await http.GetStreamAsync("/v1/streams/transitions?recent=1", patience.Token);
        using var reader = new StreamReader(stream);
        // A heartbeat can come first.
        while (await reader.ReadLineAsync(patience.Token) is string line)
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonDocument.Parse(line["data: ".Length..]).RootElement is var item && item.TryGetProperty("data", out _))
                return item;
        throw new InvalidOperationException("the stream ended before the first transition");
    }
}
