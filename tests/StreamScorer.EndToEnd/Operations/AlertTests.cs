using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StreamScorer.Engine.Commit;
using StreamScorer.Redis;

namespace StreamScorer.EndToEnd.Operations;

/// <summary>The shipped alert rules: judged by Prometheus' own tools, and each raised in Debian's Prometheus by its fault in a worker that runs.</summary>
public sealed partial class AlertTests : IDisposable
{
    private const int Partitions = 8;

    // Above the 10,000 that the rule allows, and enough for the window of unusable records to be full.
    private const int TooManyForOutbox = 11_000;
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
    private readonly HashSet<string> fired = [];

    private static string[] Alerts { get; } = [.. AlertName().Matches(ShippedConfig.Rules).Select(match => match.Groups[1].Value)];

    public void Dispose() => patience.Dispose();

    [Fact]
    public async Task Every_alert_is_raised_by_its_fault()
    {
        string[] flags = ["--set", "Publish:Schemes=all", "--set", "Health:ProbeTimeout=00:00:00.500", "--set", $"DeadLetter:Window={TooManyForOutbox}", "--set", "DeadLetter:RateMax=0.9"];
        await using RunningWorker worker = await RunningWorker.StartAsync(Partitions, outputsApart: true, patience.Token, flags);
        // Only who owns a part of the partitions reads what the others have measured.
        Uri another = await worker.StartAnotherAsync(patience.Token, flags);
        await using WebApplication miscounting = await StartMiscountingAsync(worker);
        using PrometheusServer prometheus = PrometheusServer.Start(
            PrometheusServer.Hasten(ShippedConfig.Rules), worker.Http.BaseAddress!, another, new Uri(miscounting.Urls.Single()));
        await FeedUnexpectedAsync(worker, prometheus);
        await TakeStoreAwayAsync(worker, prometheus);
        await WriteAsAnotherOwnerAsync(worker, prometheus);
        await TakeOutputAwayAsync(worker, prometheus);
        worker.Program.KillNow();
        await FiresAsync(prometheus, "StreamScorerDown");

        Assert.Equal(Alerts.Order(), fired.Order());
    }

    [Fact]
    public void The_rules_are_valid_and_their_own_tests_pass()
    {
        Assert.Equal("", Promtool.Run("", "check", "rules", ShippedConfig.PathOf("prometheus", "alerts.yml")));
        Assert.Equal("", Promtool.Run("", "check", "config", "--syntax-only", ShippedConfig.PathOf("prometheus", "prometheus.yml")));
        Assert.Equal("", Promtool.Run("", "test", "rules", ShippedConfig.PathOf("prometheus", "alerts.test.yml")));
    }

    [Fact]
    public void Every_alert_has_its_test_and_its_entry_in_the_runbook()
    {
        string tests = ShippedConfig.Read("prometheus", "alerts.test.yml"), runbook = ShippedConfig.Read("RUNBOOK.md");

        Assert.True(Alerts.Length > 10);
        Assert.All(Alerts, alert => Assert.Contains($"alertname=\"{alert}\"", tests, StringComparison.Ordinal));
        Assert.Equal(Alerts, Heading().Matches(runbook).Select(match => match.Groups[1].Value));
        Assert.Equal(Alerts.Select(alert => alert.ToLowerInvariant()), RunbookUrl().Matches(ShippedConfig.Rules).Select(match => match.Groups[1].Value));
        Assert.All(runbook.Split("\n## ").Skip(1), entry => Assert.All(["**Means:**", "**See:**", "**Do:**"], part => Assert.Contains(part, entry, StringComparison.Ordinal)));
    }

    // Customers who buy far more often than the model was fitted for, a producer that sends garbage, and a worker that has lost count of an event.
    private async Task FeedUnexpectedAsync(RunningWorker worker, PrometheusServer prometheus)
    {
        await worker.FeedAsync(80, 0, patience.Token);
        // A counter has to be scraped before it can rise, and a model knows its customers before it expects anything of them.
        await prometheus.UntilAsync("sum(streamscorer_customers_resident) == 40 and on () min(streamscorer_ready) == 1", patience.Token);
        await worker.FeedAsync(1_600, 150, patience.Token);
        await FiresAsync(prometheus, "StreamScorerCalibrationDrift", "StreamScorerDeadLetters", "StreamScorerConservation");
    }

    private async Task TakeStoreAwayAsync(RunningWorker worker, PrometheusServer prometheus)
    {
        await worker.Servers.Redis.KillAsync();
        await worker.FeedAsync(200, 0, patience.Token);
        await FiresAsync(
            prometheus, "StreamScorerNotReady", "StreamScorerNoProgress", "StreamScorerPartitionsUnprocessed", "StreamScorerStoreUnsteady", "StreamScorerLag",
            "StreamScorerPopulationStale");
        using (HttpResponseMessage ready = await worker.Http.GetAsync("/health/ready", patience.Token))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("\"name\":\"store\",\"ok\":false", await ready.Content.ReadAsStringAsync(patience.Token), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await worker.Http.GetAsync("/health/live", patience.Token)).StatusCode);

        await worker.Servers.Redis.RestartAsync();
        // What waited is published late, and nothing has to be repaired.
        await FiresAsync(prometheus, "StreamScorerLatency");
        await prometheus.UntilAsync("min(streamscorer_ready) == 1 and on () sum(streamscorer_lag_records) == 0", patience.Token);
        Assert.NotEmpty(await prometheus.QueryAsync("sum(streamscorer_reconnects_total) > 0", patience.Token));
    }

    // As a second installation with the same prefix and topic does.
    private async Task WriteAsAnotherOwnerAsync(RunningWorker worker, PrometheusServer prometheus)
    {
        await using RedisStateStore store = await RedisStateStore.OpenAsync(
            new RedisOptions { Endpoints = [worker.Servers.Redis.Endpoint] }, "transactions", patience.Token);
        for (int partition = 0; partition < Partitions; partition++)
        {
            await using IPartitionStore other = await store.OpenPartitionAsync(partition, patience.Token);
            Assert.True((await other.ClaimAsync(0, patience.Token)).Claimed);
        }
        await worker.FeedAsync(200, 0, patience.Token);
        await FiresAsync(prometheus, "StreamScorerFenced");
        await prometheus.UntilAsync("min(streamscorer_ready) == 1 and on () sum(streamscorer_lag_records) == 0", patience.Token);
    }

    private async Task TakeOutputAwayAsync(RunningWorker worker, PrometheusServer prometheus)
    {
        await worker.Servers.Broker.CommandAsync($"down {Servers.OutputBroker}");
        await worker.FeedAsync(0, TooManyForOutbox, patience.Token);
        await FiresAsync(prometheus, "StreamScorerOutbox", "StreamScorerPartitionPaused");
    }

    private async Task FiresAsync(PrometheusServer prometheus, params string[] alerts)
    {
        foreach (string alert in alerts)
        {
            await prometheus.FiresAsync(alert, patience.Token);
            fired.Add(alert);
        }
    }

    // No surroundings make a worker lose count, so its numbers are changed on their way: one event of partition 0 is missing.
    private async Task<WebApplication> StartMiscountingAsync(RunningWorker worker)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication relay = builder.Build();
        // Only the counters of events: lag and readiness would be the worker's a second time.
        relay.MapGet("/metrics", async () => Results.Text(string.Concat(
            from line in (await worker.Http.GetStringAsync("/metrics", patience.Token)).Split('\n')
            where line.StartsWith("streamscorer_events_", StringComparison.Ordinal)
            select AppliedInFirst().Replace(line, match => $"{match.Groups[1]}{long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) - 1}") + "\n")));
        await relay.StartAsync(patience.Token);
        return relay;
    }

    [GeneratedRegex("- alert: (\\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex("runbook_url: config/RUNBOOK.md#(\\w+)")]
    private static partial Regex RunbookUrl();

    [GeneratedRegex("^## (\\w+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^(streamscorer_events_applied_total\\{partition=\"0\"\\} )(\\d+)$")]
    private static partial Regex AppliedInFirst();
}
