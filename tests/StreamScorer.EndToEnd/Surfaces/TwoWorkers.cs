using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamScorer.EndToEnd.Faults;
using StreamScorer.Engine.Source;
using StreamScorer.Testing;

namespace StreamScorer.EndToEnd.Surfaces;

/// <summary>Two workers with web surfaces over one broker and one store; each owns one of the two partitions.</summary>
public sealed class TwoWorkers : IAsyncLifetime
{
    /// <summary>Partitions of every topic.</summary>
    public const int Partitions = 2;

    private readonly TempDirectory directory = new();

    /// <summary>Broker and store.</summary>
    internal Servers Servers { get; private set; } = null!;

    /// <summary>The first worker.</summary>
    internal WebWorker A { get; private set; } = null!;

    /// <summary>The second worker.</summary>
    internal WebWorker B { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Servers = await Servers.StartAsync(Partitions);
        // Both are there at the group's first assignment, so that none follows.
        Task<WebWorker> starting = WebWorker.StartAsync(directory.Path, Servers);
        B = await WebWorker.StartAsync(directory.Path, Servers);
        A = await starting;
        await ShareAsync();
    }

    /// <summary>Starts a new worker in the place of a killed <see cref="B"/>; completes when each owns a partition.</summary>
    internal async Task ReplaceBAsync()
    {
        B.Dispose();
        B = await WebWorker.StartAsync(directory.Path, Servers);
        await ShareAsync();
    }

    /// <summary>Makes the broker refuse the next records that anybody sends it, and waits before until neither worker has any.</summary>
    internal async Task RefuseNextRecordsAsync()
    {
        // Kafka's Produce request, and an error that no client tries again (TOPIC_AUTHORIZATION_FAILED).
        const string RefuseNext = "error 0 29";
        await Until.TrueAsync(
            async () => await A.IsIdleAsync() && await B.IsIdleAsync(), "publish everything", () => A.Program.Errors + "\n\n" + B.Program.Errors);
        await Servers.Broker.CommandAsync(RefuseNext);
    }

    /// <summary>A customer id that begins with <paramref name="prefix"/>, in the partition that <paramref name="owner"/> owns.</summary>
    internal static string CustomerOf(WebWorker owner, string prefix) =>
        Enumerable.Range(0, 100).Select(i => $"{prefix}-{i}").First(id => owner.Owns(PartitionOf(id)));

    /// <summary>The partition of a customer.</summary>
    internal static int PartitionOf(string customer) => Partitioner.Murmur2(Encoding.UTF8.GetBytes(customer), Partitions);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        A.Dispose();
        B.Dispose();
        await Servers.DisposeAsync();
        directory.Dispose();
    }

    private Task ShareAsync() => Until.TrueAsync(
        async () => await A.LoadedAsync() == 1 && await B.LoadedAsync() == 1, "own a partition each", () => A.Program.Errors + "\n\n" + B.Program.Errors);
}

/// <summary>A worker process and an HTTP client to ask it. Disposing kills it.</summary>
internal sealed class WebWorker : IDisposable
{
    private WebWorker(WorkerProgram program, Uri address) => (Program, Http) = (program, new HttpClient { BaseAddress = address });

    /// <summary>The process.</summary>
    public WorkerProgram Program { get; }

    /// <summary>Asks it.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts one on event time and completes when it serves.</summary>
    public static async Task<WebWorker> StartAsync(string directory, Servers servers)
    {
        const string Open = "Web surface on ";
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        WorkerProgram program = WorkerProgram.Start(directory,
            ["run", "--source", "kafka", "--store", "redis", "--urls", "http://127.0.0.1:0", .. servers.Flags,
             "--set", "Engine:Clock=event", "--set", "Publish:Schemes=all", "--set", "Http:HeartbeatInterval=00:00:01"]);
        string line = await program.ErrorLineAsync(Open, patience.Token);
        return new WebWorker(program, new Uri(line[(line.IndexOf(Open, StringComparison.Ordinal) + Open.Length)..]));
    }

    /// <summary>Partitions that it processes.</summary>
    public async Task<int> LoadedAsync() => (await StatusAsync()).GetProperty("partitions").GetProperty("loaded").GetInt32();

    /// <summary>Whether everything that it was given is committed and published.</summary>
    public async Task<bool> IsIdleAsync() =>
        await StatusAsync() is var status && status.GetProperty("lagRecords").GetInt64() == 0 && status.GetProperty("outbox").GetInt64() == 0;

    /// <summary>Whether it processes a partition, by what it last said of it.</summary>
    public bool Owns(int partition) =>
        Program.Errors.Split('\n').LastOrDefault(line => line.Contains($"Partition {partition} ", StringComparison.Ordinal))?.Contains("taken over", StringComparison.Ordinal) == true;

    /// <summary>Posts events.</summary>
    public async Task<HttpResponseMessage> PostAsync(params string[] events)
    {
        using var content = new StringContent($"[{string.Join(',', events)}]", Encoding.UTF8, "application/json");
        return await Http.PostAsync("/v1/events", content);
    }

    /// <summary>Completes when a customer has this many purchases.</summary>
    public Task PurchasedAsync(string customer, int purchases) => Until.TrueAsync(
        async () => await PurchasesAsync(customer) == purchases, $"show {purchases} purchases of {customer}", () => Program.Errors);

    /// <summary>How many purchases a customer has; null for nobody.</summary>
    public async Task<int?> PurchasesAsync(string customer)
    {
        using HttpResponseMessage answer = await Http.GetAsync($"/v1/customers/{customer}");
        if (answer.StatusCode == System.Net.HttpStatusCode.NotFound)
            return null;
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("history").GetProperty("purchases").GetInt32();
    }

    private Task<JsonElement> StatusAsync() => Http.GetFromJsonAsync<JsonElement>("/v1/status");

    /// <inheritdoc/>
    public void Dispose()
    {
        Program.Dispose();
        Http.Dispose();
    }
}
