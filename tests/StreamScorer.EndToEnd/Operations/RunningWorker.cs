using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Kafka;
using StreamScorer.Testing;
using StreamScorer.Testing.Servers;

namespace StreamScorer.EndToEnd.Operations;

/// <summary>A worker with a broker and a store of its own and an HTTP client to ask it.</summary>
internal sealed class RunningWorker : IAsyncDisposable
{
    private readonly TempDirectory directory = new();
    private long sent;

    private RunningWorker(Servers servers) => Servers = servers;

    /// <summary>Broker and store.</summary>
    public Servers Servers { get; }

    /// <summary>The process.</summary>
    public WorkerProgram Program { get; private set; } = null!;

    /// <summary>Asks it.</summary>
    public HttpClient Http { get; } = new();

    /// <summary>Starts all three and waits until the worker serves.</summary>
    public static async Task<RunningWorker> StartAsync(CancellationToken cancellation, params string[] flags)
    {
        const string Open = "Web surface on ";
        // A Redis that comes back empty is refused by the worker; one that is only restarted must come back with its state.
        var worker = new RunningWorker(await Servers.StartAsync(partitions: 2, new RedisServerOptions { AppendOnly = true }));
        worker.Program = WorkerProgram.Start(worker.directory.Path,
            ["run", "--source", "kafka", "--store", "redis", "--urls", "http://127.0.0.1:0", .. worker.Servers.Flags, .. flags]);
        string line = await worker.Program.ErrorLineAsync(Open, cancellation);
        worker.Http.BaseAddress = new Uri(line[(line.IndexOf(Open, StringComparison.Ordinal) + Open.Length)..]);
        return worker;
    }

    /// <summary>Sends purchases of 40 customers, each repeated once, and as many unusable records as asked for.</summary>
    public async Task FeedAsync(int purchases, int unusable, CancellationToken cancellation, string? traceParent = null, string customers = "c")
    {
        await using var writer = new KafkaLogWriter(
            new KafkaOptions { BootstrapServers = Servers.Broker.Bootstrap }, "transactions", NullLogger<KafkaLogWriter>.Instance);
        await writer.OpenAsync(cancellation);
        for (int i = 0; i < purchases; i++, sent++)
        {
            string customer = $"{customers}{sent % 40}";
            DateTime time = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(sent);
            byte[] value = Encoding.UTF8.GetBytes(
                $$"""{"customerId":"{{customer}}","id":"e{{sent}}","time":"{{time:yyyy-MM-ddTHH:mm:ssZ}}","type":"purchase","amount":{{10 + sent * sent % 4000}}}""");
            byte[] key = Encoding.UTF8.GetBytes(customer);
            int partition = Engine.Source.Partitioner.Murmur2(key, 2);
            KeyValuePair<string, byte[]?>[] headers = traceParent is null ? [] : [new("traceparent", Encoding.ASCII.GetBytes(traceParent))];
            await writer.AppendAsync(partition, key, value, headers, cancellation);
            await writer.AppendAsync(partition, key, value, headers, cancellation);
        }
        for (int i = 0; i < unusable; i++)
            await writer.AppendAsync(Encoding.UTF8.GetBytes("c1"), Encoding.UTF8.GetBytes("no json"), cancellation);
        await writer.FlushAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Program.Dispose();
        Http.Dispose();
        await Servers.DisposeAsync();
        directory.Dispose();
    }
}
