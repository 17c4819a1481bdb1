using System.Text.Json;
using StreamScorer.Testing;
using StreamScorer.Testing.Servers;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.EndToEnd;

/// <summary>State that was lost comes back from a backup that was taken while workers ran, and the run ends as if nothing had happened.</summary>
public sealed class BackupTests : IDisposable
{
    private const int Events = 4_000;
    private readonly TempDirectory directory = new();
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(3));
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose()
    {
        directory.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task Redis_state_that_was_lost_is_restored_under_another_prefix_and_no_event_counts_twice()
    {
        await using Servers servers = await Servers.StartAsync(partitions: 2);
        string[] flags = ["--source", "kafka", "--store", "redis", .. servers.Flags, "--set", "Engine:Clock=event"];
        string[] restored = [.. flags, "--set", "Redis:Prefix=restored"];
        string backup = directory.File("state.backup");
        using (WorkerProgram worker = WorkerProgram.Start(directory.Path, ["run", "--urls", "none", .. flags]))
        {
            await FeedAsync(servers.Broker.Bootstrap, 0);
            await AppliedAsync(servers, "ss", Events / 4);
            Assert.Equal(ExitCode.Ok, await InvokeAsync(["backup", backup, .. flags]));
            await FeedAsync(servers.Broker.Bootstrap, Events);
            await AppliedAsync(servers, "ss", 2 * Events);
            worker.Terminate();
            Assert.Equal(0, (await worker.EndAsync()).ExitCode);
        }
        Assert.Equal(ExitCode.Ok, await InvokeAsync(["restore", backup, .. restored]));
        Assert.Equal(ExitCode.Unavailable, await InvokeAsync(["restore", backup, .. restored]));
        Assert.Contains("give --replace", error.ToString(), StringComparison.Ordinal);

        using (WorkerProgram worker = WorkerProgram.Start(directory.Path, ["run", "--urls", "none", .. restored]))
        {
            await AppliedAsync(servers, "restored", 2 * Events);
            worker.Terminate();
            Assert.Equal(0, (await worker.EndAsync()).ExitCode);
        }
        await using var transitions = new OutputTopic(servers.Broker.Bootstrap, 2);
        List<Transition> published = await transitions.TransitionsAsync();
        Assert.Equal(published.Count, published.Select(transition => transition.Id).Distinct().Count());
        Assert.Equal(await ProfileAsync(flags), await ProfileAsync(restored));
    }

    [Fact]
    public async Task A_damaged_backup_is_refused_before_anything_is_touched()
    {
        await using RedisServerProcess redis = await RedisServerProcess.StartAsync();
        string[] flags = ["--source", "kafka", "--store", "redis", "--bootstrap", "127.0.0.1:1", "--redis", redis.Endpoint];
        Assert.Equal(ExitCode.Unavailable, await InvokeAsync(["backup", directory.File("none"), .. flags]));
        Assert.Contains("There is no key under prefix 'ss'", error.ToString(), StringComparison.Ordinal);
        File.WriteAllBytes(directory.File("damaged"), [26, .. "streamscorer-redis-backup-1"u8, 0, .. new byte[32]]);

        Assert.Equal(ExitCode.Unavailable, await InvokeAsync(["restore", directory.File("damaged"), "--replace", .. flags]));

        Assert.Matches("is damaged|is no backup", error.ToString());
    }

    [Fact]
    public async Task A_standalone_file_is_copied_beside_its_worker_and_restored()
    {
        string backup = directory.File("backup.db");
        string[] flags = ["--data", directory.File("data"), "--urls", "none"];
        using (WorkerProgram worker = WorkerProgram.Start(directory.Path, ["run", .. flags]))
        {
            await worker.ErrorLineAsync("taken over", patience.Token);
            Assert.Equal(ExitCode.Ok, await InvokeAsync(["backup", backup, .. flags]));
            Assert.Equal(ExitCode.Unavailable, await InvokeAsync(["restore", backup, "--replace", .. flags]));
            Assert.Contains("in use by another worker", error.ToString(), StringComparison.Ordinal);
            worker.Terminate();
            Assert.Equal(0, (await worker.EndAsync()).ExitCode);
        }

        Assert.Equal(ExitCode.Unavailable, await InvokeAsync(["restore", backup, .. flags]));
        Assert.Equal(ExitCode.Ok, await InvokeAsync(["restore", backup, "--replace", .. flags]));
        using WorkerProgram again = WorkerProgram.Start(directory.Path, ["run", .. flags]);
        await again.ErrorLineAsync("taken over", patience.Token);
    }

    private async Task FeedAsync(string bootstrap, int first)
    {
        var options = new Kafka.KafkaOptions { BootstrapServers = bootstrap };
        await using var writer = new Kafka.KafkaLogWriter(options, "transactions", Microsoft.Extensions.Logging.Abstractions.NullLogger<Kafka.KafkaLogWriter>.Instance);
        await writer.OpenAsync(patience.Token);
        for (int i = first; i < first + Events; i++)
        {
            string value = $$"""{"customerId":"C{{i % 50}}","id":"o{{i}}","time":"{{new DateTime(2020, 1, 1).AddMinutes(20 * i):yyyy-MM-dd'T'HH:mm:ss'Z'}}","type":"purchase","amount":{{i % 97}}}""";
            await writer.AppendAsync(System.Text.Encoding.UTF8.GetBytes($"C{i % 50}"), System.Text.Encoding.UTF8.GetBytes(value), patience.Token);
        }
        await writer.FlushAsync(patience.Token);
    }

    private async Task AppliedAsync(Servers servers, string prefix, long count)
    {
        var options = new Redis.RedisOptions { Endpoints = [servers.Redis.Endpoint], Prefix = prefix };
        await using Redis.RedisStateStore store = await Redis.RedisStateStore.OpenAsync(options, "transactions", patience.Token);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        long applied = 0;
        while (applied < count)
        {
            await look.WaitForNextTickAsync(patience.Token);
            applied = 0;
            for (int partition = 0; partition < 2; partition++)
                applied += (await store.ReadMetaAsync(partition, patience.Token))?.Counters.Applied ?? 0;
        }
        Assert.True(applied <= 2 * Events, $"{applied} events were applied");
    }

    private static async Task<string> ProfileAsync(string[] flags)
    {
        ProgramResult result = await WorkerProgram.RunAsync(["customer", "C7", "--json", .. flags]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return JsonDocument.Parse(result.Output).RootElement.GetProperty("history").GetRawText();
    }

    private Task<int> InvokeAsync(string[] arguments) => StreamScorerCommand.InvokeAsync(arguments, output, error);
}
