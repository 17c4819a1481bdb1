using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using StreamScorer.Testing;

namespace StreamScorer.EndToEnd.Operations;

/// <summary>Debian's Prometheus with the shipped alert rules, scraping workers twice a second. Disposing ends it.</summary>
internal sealed partial class PrometheusServer : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly Process process;
    private readonly HttpClient http;

    private PrometheusServer(string rules, string targets)
    {
        int port = FreePort();
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        File.WriteAllText(Path.Combine(directory.Path, "alerts.yml"), rules);
        File.WriteAllText(Path.Combine(directory.Path, "prometheus.yml"), $"""
            global: {"{"} scrape_interval: 500ms, evaluation_interval: 500ms {"}"}
            rule_files: [alerts.yml]
            scrape_configs:
              - job_name: streamscorer
                static_configs: [{"{"} targets: [{targets}] {"}"}]
            """);
        var start = new ProcessStartInfo(
            "prometheus",
            [$"--config.file={directory.Path}/prometheus.yml", $"--storage.tsdb.path={directory.Path}/data", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
        {
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <summary>
    /// Rules with every span of time cut to seconds, that of a wait, of a range and of a bound on an age: a test that waits ten minutes is not run. The rest of an
    /// expression stays as it is.
    /// </summary>
    public static string Hasten(string rules) => Age().Replace(Range().Replace(Wait().Replace(rules, "for: 1s"), "[6s]"), "$1 > 3");

    /// <summary>Starts it.</summary>
    public static PrometheusServer Start(string rules, params Uri[] workers) => new(rules, string.Join(", ", workers.Select(worker => $"'{worker.Host}:{worker.Port}'")));

    /// <summary>The samples of an instant query: labels and value.</summary>
    public async Task<List<(Dictionary<string, string> Labels, string Value)>> QueryAsync(string expression, CancellationToken cancellation)
    {
        JsonElement answer = await http.GetFromJsonAsync<JsonElement>("/api/v1/query?query=" + Uri.EscapeDataString(expression), cancellation);
        Assert.Equal("success", answer.GetProperty("status").GetString());
        JsonElement data = answer.GetProperty("data");
        if (data.GetProperty("resultType").GetString() != "vector")
            return [([], data.GetProperty("result")[1].GetString()!)];
        return [.. data.GetProperty("result").EnumerateArray().Select(sample => (
            sample.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
            sample.GetProperty("value")[1].GetString()!))];
    }

    /// <summary>Completes when a query has a sample.</summary>
    public async Task UntilAsync(string expression, CancellationToken cancellation)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (!await HasSampleAsync(expression, cancellation))
                await look.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Prometheus never had a sample of {expression}");
        }
    }

    /// <summary>Completes when an alert fires.</summary>
    public Task FiresAsync(string alert, CancellationToken cancellation) =>
        UntilAsync($"ALERTS{{alertname=\"{alert}\", alertstate=\"firing\"}}", cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        http.Dispose();
        directory.Dispose();
    }

    // It refuses connections until it has started.
    private async Task<bool> HasSampleAsync(string expression, CancellationToken cancellation)
    {
        try
        {
            return (await QueryAsync(expression, cancellation)).Count > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("for: .*")]
    private static partial Regex Wait();

    [GeneratedRegex(@"\[\d+[mhd]\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"(_seconds\)?) > 60\b")]
    private static partial Regex Age();
}
