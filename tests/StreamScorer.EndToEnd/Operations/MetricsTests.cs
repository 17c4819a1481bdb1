using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StreamScorer.EndToEnd.Operations;

/// <summary>What those who run a worker see of it: scraped by Debian's Prometheus, judged by its own tools.</summary>
public sealed partial class MetricsTests : IDisposable
{
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));

    public void Dispose() => patience.Dispose();

    [Fact]
    public async Task Conservation_holds_at_every_scrape_and_Prometheus_has_every_series_of_the_rules_and_the_board()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(patience.Token);
        using PrometheusServer prometheus = PrometheusServer.Start(ShippedConfig.Rules, worker.Http.BaseAddress!);
        Task feeding = worker.FeedAsync(4_000, 5, patience.Token, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        double consumed = 0;
        int scrapes = 0;
        for (; consumed < 8_005; scrapes++)
            consumed = AssertConservation(await worker.Http.GetStringAsync("/metrics", patience.Token));
        await feeding;

        Assert.Equal(8_005, consumed);
        Assert.True(scrapes > 5, $"only {scrapes} scrapes");
        string text = await worker.Http.GetStringAsync("/metrics", patience.Token);
        Assert.Equal("", Promtool.Run(text, "check", "metrics"));
        AssertBounded(text);
        Assert.Matches("streamscorer_publish_latency_seconds_bucket\\{le=\"[^\"]+\"\\} \\d+ # \\{trace_id=\"0af7651916cd43dd8448eb211c80319c\"", await OpenMetricsAsync(worker.Http));

        await prometheus.UntilAsync("sum(streamscorer_events_consumed_total) == 8005", patience.Token);
        // A scrape of a whole minute back must add up as well.
        Assert.Empty(await prometheus.QueryAsync(
            "max_over_time(abs(streamscorer_events_consumed_total - streamscorer_events_applied_total - streamscorer_events_duplicate_total"
            + " - streamscorer_events_dead_lettered_total - streamscorer_events_erased_total)[1m:500ms]) > 0", patience.Token));
        Assert.Equal(["1"], (await prometheus.QueryAsync("streamscorer_ready", patience.Token)).Select(sample => sample.Value));
        string rulesAndBoard = ShippedConfig.Rules + ShippedConfig.Board;
        foreach (string name in SeriesName().Matches(rulesAndBoard).Select(match => match.Value).Distinct())
            Assert.True((await prometheus.QueryAsync($"count({name})", patience.Token)).Count > 0, $"{name} is used and does not exist");
        foreach (string expression in BoardExpressions())
            await prometheus.QueryAsync(expression, patience.Token);
        await AssertStatusAsync(worker.Http);
    }

    private static double AssertConservation(string text)
    {
        double Of(string name) => Sample().Matches(text).Where(m => m.Groups[1].Value == $"streamscorer_{name}_total").Sum(m => double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
        double consumed = Of("events_consumed");
        Assert.Equal(consumed, Of("events_applied") + Of("events_duplicate") + Of("events_dead_lettered") + Of("events_erased"));
        Assert.Equal(Of("events_dead_lettered"), Of("dead_letters"));
        return consumed;
    }

    private static void AssertBounded(string text)
    {
        string[] samples = [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
        Assert.InRange(samples.Length, 100, 1_000);
        // Customers are c0 to c39, events e0 and on: neither is anybody's label.
        Assert.DoesNotContain(samples, line => CustomerLabel().IsMatch(line));
    }

    private async Task AssertStatusAsync(HttpClient http)
    {
        JsonElement status = await http.GetFromJsonAsync<JsonElement>("/v1/status", patience.Token);
        Assert.True(status.GetProperty("ready").GetBoolean());
        Assert.Equal((8_005, 5, 40), (
            status.GetProperty("consumed").GetInt64(), status.GetProperty("deadLetters").GetInt64(), status.GetProperty("residentCustomers").GetInt64()));
        Assert.Equal("""{"owned":2,"loaded":2,"total":2}""", status.GetProperty("partitions").GetRawText());
        Assert.True(status.GetProperty("latencyMs").GetProperty("p99").GetDouble() > 0);
    }

    private async Task<string> OpenMetricsAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text; version=1.0.0"));
        using HttpResponseMessage response = await http.SendAsync(request, patience.Token);
        Assert.Equal("application/openmetrics-text", response.Content.Headers.ContentType!.MediaType);
        string text = await response.Content.ReadAsStringAsync(patience.Token);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        return text;
    }

    private static IEnumerable<string> BoardExpressions()
    {
        using JsonDocument board = JsonDocument.Parse(ShippedConfig.Board);
        string[] expressions =
        [
            .. from panel in board.RootElement.GetProperty("panels").EnumerateArray()
               where panel.TryGetProperty("targets", out _)
               from target in panel.GetProperty("targets").EnumerateArray()
               select target.GetProperty("expr").GetString()!.Replace("$instance", ".*", StringComparison.Ordinal).Replace("$__rate_interval", "1m", StringComparison.Ordinal),
        ];
        Assert.True(expressions.Length > 30);
        return expressions;
    }

    [GeneratedRegex(@"^(\w+)(?:\{.*\})? ([-+.\dEe]+)$", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("=\"[ce]\\d+\"")]
    private static partial Regex CustomerLabel();

    [GeneratedRegex(@"\b(streamscorer|process|dotnet|http_server)_[a-z0-9_]+\b(?!_)(?=[\s{\[)=+\\]|$)")]
    private static partial Regex SeriesName();
}
