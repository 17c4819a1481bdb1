using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace StreamScorer.WebLoad;

/// <summary>
/// Lookups and requests to the empty endpoint in turn, each sent at its scheduled instant whether or not earlier ones are answered; latency counts from that
/// instant to the last byte, so that a request that had to wait for the sender counts its wait too.
/// </summary>
internal sealed class OpenLoop(HttpClient http, WebLoadOptions options, WrongAnswers wrong)
{
    /// <summary>Answers as fast as the server can, without store or scoring.</summary>
    public const string EmptyEndpoint = "/health/live";

    private static readonly TimeSpan tick = TimeSpan.FromMilliseconds(1);

    /// <summary>Sends for a while; completes with the last answer. How late requests were handed to the client is its own part of the latencies.</summary>
    public async Task<(Latencies Lookups, Latencies Empty, Latencies Late)> RunAsync(int seconds, CancellationToken cancellation)
    {
        int each = options.LookupsPerSecond * seconds;
        var latenciesMs = new Task<double>[2 * each];
        double[] lateMs = new double[2 * each];
        double interval = Stopwatch.Frequency / (2.0 * options.LookupsPerSecond);
        // Always the same choice: two runs ask for the same customers.
        var random = new Random(1);
        using var timer = new PeriodicTimer(tick);
        long start = Stopwatch.GetTimestamp();
        for (int sent = 0; sent < latenciesMs.Length && await timer.WaitForNextTickAsync(cancellation);)
        {
            for (long due; sent < latenciesMs.Length && (due = start + (long)(sent * interval)) <= Stopwatch.GetTimestamp(); sent++)
            {
                lateMs[sent] = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
                latenciesMs[sent] = sent % 2 == 0
                    ? LookUpAsync(WebLoadOptions.CustomerId(random.Next(options.Streams)), due, cancellation)
                    : AskNothingAsync(due, cancellation);
            }
        }
        double[] all = await Task.WhenAll(latenciesMs);
        return (new Latencies(all.Where((_, i) => i % 2 == 0)), new Latencies(all.Where((_, i) => i % 2 == 1)), new Latencies(lateMs));
    }

    private async Task<double> LookUpAsync(string customerId, long due, CancellationToken cancellation)
    {
        (HttpStatusCode status, byte[] body, double ms) = await GetAsync($"/v1/customers/{customerId}", due, cancellation);
        wrong.Expect(status == HttpStatusCode.OK && IsOf(customerId, body), $"the lookup of {customerId} was answered {(int)status} or names another");
        return ms;
    }

    private async Task<double> AskNothingAsync(long due, CancellationToken cancellation)
    {
        (HttpStatusCode status, _, double ms) = await GetAsync(EmptyEndpoint, due, cancellation);
        wrong.Expect(status == HttpStatusCode.OK, $"{EmptyEndpoint} was answered {(int)status}");
        return ms;
    }

    private async Task<(HttpStatusCode Status, byte[] Body, double Ms)> GetAsync(string path, long due, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(path, cancellation);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return (answer.StatusCode, body, Stopwatch.GetElapsedTime(due).TotalMilliseconds);
        }
        catch (HttpRequestException e)
        {
            wrong.Add($"{path}: {e.Message}");
            return (default, [], Stopwatch.GetElapsedTime(due).TotalMilliseconds);
        }
    }

    private static bool IsOf(string customerId, byte[] body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("customerId").ValueEquals(customerId);
    }
}
