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
    private WorkerProgram? another;
    private long sent;

    private RunningWorker(Servers servers, int partitions) => (Servers, Partitions) = (servers, partitions);

    /// <summary>Broker and store.</summary>
    public Servers Servers { get; }

    /// <summary>Partitions of every topic.</summary>
    public int Partitions { get; }

    /// <summary>The process.</summary>
    public WorkerProgram Program { get; private set; } = null!;

    /// <summary>Asks it.</summary>
    public HttpClient Http { get; } = new();

    /// <summary>Starts all three and waits until the worker serves.</summary>
    public static Task<RunningWorker> StartAsync(CancellationToken cancellation, params string[] flags) => StartAsync(2, false, cancellation, flags);

    /// <inheritdoc cref="StartAsync(CancellationToken, string[])"/>
    /// <param name="partitions">Of every topic.</param>
    /// <param name="outputsApart">Whether the output topics are on a broker of their own, which can be taken away alone.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="flags">Further flags of the worker.</param>
    public static async Task<RunningWorker> StartAsync(int partitions, bool outputsApart, CancellationToken cancellation, params string[] flags)
    {
        // A Redis that comes back empty is refused by the worker; one that is only restarted must come back with its state.
        var worker = new RunningWorker(await Servers.StartAsync(partitions, new RedisServerOptions { AppendOnly = true }, outputsApart), partitions);
        (worker.Program, worker.Http.BaseAddress) = await worker.StartProgramAsync(flags, cancellation);
        return worker;
    }

    /// <summary>Starts another worker of the same group and completes with its address when it serves.</summary>
    public async Task<Uri> StartAnotherAsync(CancellationToken cancellation, params string[] flags)
    {
        (another, Uri address) = await StartProgramAsync(flags, cancellation);
        return address;
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
            int partition = Engine.Source.Partitioner.Murmur2(key, Partitions);
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
        another?.Dispose();
        Program.Dispose();
        Http.Dispose();
        await Servers.DisposeAsync();
        directory.Dispose();
    }

    private async Task<(WorkerProgram Program, Uri Address)> StartProgramAsync(string[] flags, CancellationToken cancellation)
    {
        const string Open = "Web surface on ";
        WorkerProgram program = WorkerProgram.Start(
            directory.Path, ["run", "--source", "kafka", "--store", "redis", "--urls", "http://127.0.0.1:0", .. Servers.Flags, .. flags]);
        string line = await program.ErrorLineAsync(Open, cancellation);
        return (program, new Uri(line[(line.IndexOf(Open, StringComparison.Ordinal) + Open.Length)..]));
    }
}
