using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.EndToEnd.Faults;
using StreamScorer.Engine.Commit;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Testing;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.EndToEnd;

/// <summary>The operator's side of records that could not be used, beside a running worker: list, erase, replay, resume.</summary>
public sealed class DeadLetterCommandTests : IDisposable
{
    // Longer than the worker takes to see a record, and than its clock's steps.
    private static readonly TimeSpan ahead = TimeSpan.FromSeconds(3), tolerance = TimeSpan.FromSeconds(1);
    private readonly TempDirectory directory = new();
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose()
    {
        directory.Dispose();
        patience.Dispose();
    }

    [Fact]
    [Trait("Fault", "F25")]
    public async Task Dead_letters_are_listed_sent_back_and_resumed_and_an_erased_customer_stays_erased()
    {
        await using Servers servers = await Servers.StartAsync(partitions: 1);
        string[] flags =
        [
            "--source", "kafka", "--store", "redis", .. servers.Flags, "--set", $"Engine:FutureToleranceMax={tolerance}",
            "--set", "DeadLetter:Window=10", "--set", "DeadLetter:RatePause=1.00:00:00",
        ];
        using WorkerProgram worker = WorkerProgram.Start(directory.Path, ["run", "--urls", "none", .. flags]);
        await worker.ErrorLineAsync("taken over", patience.Token);
        DateTimeOffset soon = DateTimeOffset.UtcNow + ahead;
        await AppendAsync(servers, ("C1", Purchase("C1", "a", soon.AddHours(-1))), ("C1", Purchase("C1", "b", soon)), ("C2", Purchase("C2", "c", soon)), ("C3", "not json"));
        Assert.Equal(new PartitionCounters(4, 1, 0, 3, 0, 0, 0), await CountersAsync(servers, consumed: 4));

        string[] listed = (await InvokeAsync(["dead-letters", "list", .. flags])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["0:0 future_timestamp transactions/0/1", "0:1 future_timestamp transactions/0/2", "0:2 malformed_json transactions/0/3"],
            listed.Select(line => string.Join(' ', line.Split(' ').Take(3))));
        Assert.EndsWith("| not json", Assert.Single((await InvokeAsync(["dead-letters", "list", "--reason", "malformed_json", .. flags])).Trim().Split('\n')), StringComparison.Ordinal);

        await Until.TrueAsync(() => DateTimeOffset.UtcNow > soon, "reach the events' time", () => "");
        Assert.Contains("is in the input", await InvokeAsync(["erase", "C1", .. flags]), StringComparison.Ordinal);
        Assert.Equal(1, (await CountersAsync(servers, consumed: 5)).Erased);
        Assert.Equal("sent back 3, truncated and left 0", (await InvokeAsync(["dead-letters", "replay", .. flags])).Trim());
        Assert.Equal(new PartitionCounters(8, 2, 0, 4, 2, 0, 0), await CountersAsync(servers, consumed: 8));
        await InvokeAsync(["customer", "C1", .. flags], ExitCode.NotFound);
        await InvokeAsync(["customer", "C2", .. flags]);

        await AppendAsync(servers, [.. Enumerable.Repeat(("C3", "not json"), 20)]);
        await worker.ErrorLineAsync("pauses: too many of its records cannot be used", patience.Token);
        await AppendAsync(servers, ("C2", Purchase("C2", "d", soon.AddSeconds(-1))));
        Assert.Contains("paused partitions try a batch", await InvokeAsync(["dead-letters", "resume", .. flags]), StringComparison.Ordinal);
        Assert.Equal(3, (await CountersAsync(servers, consumed: 29)).Applied);
    }

    private static string Purchase(string customer, string id, DateTimeOffset time) =>
        $$"""{"customerId":"{{customer}}","id":"{{id}}","time":"{{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","type":"purchase","amount":5}""";

    private async Task AppendAsync(Servers servers, params (string Key, string Value)[] records)
    {
        await using var writer = new KafkaLogWriter(
            new KafkaOptions { BootstrapServers = servers.Broker.Bootstrap }, "transactions", NullLogger<KafkaLogWriter>.Instance);
        await writer.OpenAsync(patience.Token);
        foreach ((string key, string value) in records)
            await writer.AppendAsync(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value), patience.Token);
        await writer.FlushAsync(patience.Token);
    }

    private async Task<PartitionCounters> CountersAsync(Servers servers, long consumed)
    {
        await using RedisStateStore store = await RedisStateStore.OpenAsync(new RedisOptions { Endpoints = [servers.Redis.Endpoint] }, "transactions", patience.Token);
        PartitionCounters counters = default;
        await Until.TrueAsync(
            async () => (counters = (await store.ReadMetaAsync(0, patience.Token))!.Value.Counters).Consumed >= consumed, $"consume {consumed}", () => $"{counters}");
        return counters;
    }

    private async Task<string> InvokeAsync(string[] arguments, int exitCode = ExitCode.Ok)
    {
        output.GetStringBuilder().Clear();
        Assert.True(await StreamScorerCommand.InvokeAsync(arguments, output, error) == exitCode, error.ToString());
        return output.ToString();
    }
}
