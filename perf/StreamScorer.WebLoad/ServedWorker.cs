using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using StreamScorer.Testing;

namespace StreamScorer.WebLoad;

/// <summary>A standalone worker, a process of its own, that scores the demo's customers. Disposing stops it and deletes its data.</summary>
internal sealed class ServedWorker : IAsyncDisposable
{
    private const string Open = "Web surface on ";

    private static readonly TimeSpan lookInterval = TimeSpan.FromMilliseconds(100);

    private readonly TempDirectory directory = new();
    private readonly Process process;

    private ServedWorker(WebLoadOptions options)
    {
        string[] settings =
        [
            $"Demo:Customers={options.Streams}", string.Create(CultureInfo.InvariantCulture, $"Demo:DaysPerSecond={options.DaysPerSecond}"),
            $"Http:StreamsMax={options.Streams}", "Http:RequestsPerSecondMax=1000000",
        ];
        process = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "streamscorer"),
            ["run", "--until-input-closes", "--urls", "http://127.0.0.1:0", "--data", directory.Path, .. settings.SelectMany(setting => (string[])["--set", setting])])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <summary>Asks it; each connection that waits for an answer is one more.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Starts it; completes when it serves.</summary>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public static async Task<ServedWorker> StartAsync(WebLoadOptions options, CancellationToken cancellation)
    {
        var worker = new ServedWorker(options);
        string said = "";
        while (await worker.process.StandardError.ReadLineAsync(cancellation) is string line)
        {
            int at = line.IndexOf(Open, StringComparison.Ordinal);
            if (at >= 0)
            {
                worker.Http.BaseAddress = new Uri(line[(at + Open.Length)..]);
                _ = worker.process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return worker;
            }
            said += line + '\n';
        }
        await worker.DisposeAsync();
        throw new InvalidOperationException($"the worker ended before it served:\n{said}");
    }

    /// <summary>Completes when the first <paramref name="customers"/> are known and what was there before them is scored.</summary>
    public async Task HistoryScoredAsync(int customers, CancellationToken cancellation)
    {
        const long LagMax = 1_000;
        using var look = new PeriodicTimer(lookInterval);
        for (int i = 0; i < customers; i++)
        {
            while (!await IsKnownAsync(WebLoadOptions.CustomerId(i), cancellation))
                await look.WaitForNextTickAsync(cancellation);
        }
        while ((await StatusAsync(cancellation)).LagRecords > LagMax)
            await look.WaitForNextTickAsync(cancellation);
    }

    /// <summary>What it has scored since its start, and what waits.</summary>
    public async Task<(long Consumed, long LagRecords)> StatusAsync(CancellationToken cancellation)
    {
        using JsonDocument status = JsonDocument.Parse(await Http.GetStringAsync("/v1/status", cancellation));
        return (status.RootElement.GetProperty("consumed").GetInt64(), status.RootElement.GetProperty("lagRecords").GetInt64());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        directory.Dispose();
    }

    private async Task<bool> IsKnownAsync(string customerId, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await Http.GetAsync($"/v1/customers/{customerId}", cancellation);
        return answer.StatusCode == HttpStatusCode.OK;
    }
}
