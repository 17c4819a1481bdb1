using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.EndToEnd.Faults;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Testing;
using StreamScorer.Testing.Brokers;
using StreamScorer.Testing.Servers;
using StreamScorer.Worker.Input;
using StreamScorer.Worker.Repair;
using StreamScorer.Worker.Replay;

namespace StreamScorer.EndToEnd;

/// <summary>The state of a Kafka topic goes to a topic with more partitions: copied, killed in the middle, copied to its end, and taken over by a worker.</summary>
public sealed class DistributedRepartitionTests : IAsyncLifetime
{
    private const int Old = 2, New = 3, Events = 6_000;
    private const string OldTopic = "transactions", NewTopic = "transactions-3", NewPrefix = "wider", NewOutput = "tier-transitions-3";
    private const long SilenceMs = 200L * 86_400_000;
    private readonly TempDirectory directory = new();
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
    private readonly UndisturbedRun undisturbed = new(Old);
    private TestBrokerProcess broker = null!;
    private RedisServerProcess redis = null!;
    private EventFile file = null!;

    public async Task InitializeAsync()
    {
        broker = await TestBrokerProcess.StartAsync(
            [$"{OldTopic}:{Old}", $"tier-transitions:{Old}", $"transactions.dead-letters:{Old}", $"{NewTopic}:{New}", $"{NewOutput}:{New}", $"dead-letters-3:{New}"]);
        redis = await RedisServerProcess.StartAsync();
        DemoFile.Write(directory.File("events.csv"), Events);
        file = EventFile.Open(directory.File("events.csv"), ColumnMap.Empty);
    }

    public async Task DisposeAsync()
    {
        file.Dispose();
        await broker.DisposeAsync();
        await redis.DisposeAsync();
        directory.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task A_killed_copy_goes_on_and_the_transitions_are_those_of_a_run_without_a_change()
    {
        await ScoreAsync(OldTopic, Old, "ss", Servers("tier-transitions", "transactions.dead-letters"), withSilence: false);
        string[] command = ["repartition", "--partitions", $"{New}", "--to", NewPrefix, "--to-topic", NewTopic, .. Servers("tier-transitions", "transactions.dead-letters")];
        await KillInTheMiddleAsync(command);

        ProgramResult copied = await WorkerProgram.RunAsync(command);
        ProgramResult again = await WorkerProgram.RunAsync(command);
        await ScoreAsync(
            NewTopic, New, NewPrefix, [.. Servers(NewOutput, "dead-letters-3"), "--set", $"Kafka:TransactionsTopic={NewTopic}", "--group", NewPrefix, "--set", $"Redis:Prefix={NewPrefix}"], withSilence: true);

        Assert.True(copied.ExitCode == 0, copied.Errors);
        Assert.StartsWith("partition 1 of 2 copied\n", copied.Output, StringComparison.Ordinal);
        Assert.Contains($"in {New} partitions, compared with the old state", copied.Output, StringComparison.Ordinal);
        Assert.Contains("is in use already", again.Errors, StringComparison.Ordinal);
        await AssertTransitionsAsync();
    }

    // A program that prints more than anybody reads waits in its next line: here in the one that tells of the first copied partition.
    private async Task KillInTheMiddleAsync(string[] command)
    {
        const int PipeBytes = 65_536;
        string program = Path.Combine(AppContext.BaseDirectory, "streamscorer");
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"head -c {PipeBytes} /dev/zero; exec \"$0\" \"$@\"", program, .. command]) { RedirectStandardOutput = true };
        using Process copying = Process.Start(start)!;
        await using RedisStateStore half = await StoreAsync(NewPrefix, NewTopic);
        await Until.TrueAsync(
            async () => await half.ReadMetaAsync(New - 1, patience.Token) is { Offset: 1 }, "copy the first partition", () => $"ended: {copying.HasExited}");
        WorkerProgram.KillNow(copying.Id);
        await copying.WaitForExitAsync(patience.Token);
        for (int partition = 0; partition < New; partition++)
            Assert.Equal((Repartition.Incomplete, 1), ((await half.ReadMetaAsync(partition, patience.Token))!.Value.Layout, (await half.ReadMetaAsync(partition, patience.Token))!.Value.Offset));
    }

    // The next half of the events, to its end.
    private async Task ScoreAsync(string topic, int partitions, string prefix, string[] flags, bool withSilence)
    {
        using WorkerProgram worker = WorkerProgram.Start(directory.Path, ["run", "--urls", "none", .. flags]);
        OffsetRange[] ranges = await AppendAsync(topic, partitions, withSilence);
        await worker.ErrorLineAsync("taken over with", patience.Token);
        await using RedisStateStore store = await StoreAsync(prefix, topic);
        await new ReplayWatch(store, partitions, TimeProvider.System).WaitAsync(ranges, _ => { }, patience.Token);
        worker.Terminate();
        ProgramResult ended = await worker.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.Errors);
    }

    private async Task<OffsetRange[]> AppendAsync(string topic, int partitions, bool withSilence)
    {
        await using var writer = new KafkaLogWriter(Kafka, topic, NullLogger<KafkaLogWriter>.Instance);
        await writer.OpenAsync(patience.Token);
        long lastMs = 0;
        for (int i = 0; i < Events / 2 && file.Read(); i++)
        {
            lastMs = file.TimeUnixMs ?? lastMs;
            byte[] key = file.Key.ToArray(), value = file.Value.ToArray();
            await writer.AppendAsync(Partitioner.Murmur2(key, partitions), key, value, [], patience.Token);
            undisturbed.Append(Partitioner.Murmur2(key, Old), key, value, lastMs);
        }
        byte[] clock = Encoding.UTF8.GetBytes(
            $$"""{"type":"clock","time":"{{DateTimeOffset.FromUnixTimeMilliseconds(lastMs + SilenceMs).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}}"}""");
        for (int partition = 0; withSilence && partition < Math.Max(partitions, Old); partition++)
        {
            if (partition < partitions)
                await writer.AppendAsync(partition, null, clock, [], patience.Token);
            if (partition < Old)
                undisturbed.Append(partition, null, clock, lastMs);
        }
        await writer.FlushAsync(patience.Token);
        return await Task.WhenAll(Enumerable.Range(0, partitions).Select(partition => writer.GetOffsetsAsync(partition, patience.Token).AsTask()));
    }

    private async Task AssertTransitionsAsync()
    {
        var found = new Dictionary<string, List<PublishedTransition>>();
        var sequences = new Dictionary<string, long>();
        var sides = new Dictionary<string, int>();
        foreach ((string topic, int partitions) in new[] { ("tier-transitions", Old), (NewOutput, New) })
        {
            await using var output = new OutputTopic(broker.Bootstrap, partitions, topic);
            foreach (byte[] value in (await output.ReadAsync()).Select(record => record.Value!))
            {
                PublishedTransition transition = PublishedTransition.Read(value);
                if (!found.TryGetValue(transition.CustomerId, out List<PublishedTransition>? same))
                    found[transition.CustomerId] = same = [];
                same.Add(transition);
                long sequence = JsonDocument.Parse(value).RootElement.GetProperty("data").GetProperty("sequence").GetInt64();
                Assert.True(sequence > sequences.GetValueOrDefault(transition.CustomerId, -1), $"{transition} has sequence {sequence}");
                sequences[transition.CustomerId] = sequence;
                sides[topic] = sides.GetValueOrDefault(topic) + 1;
            }
        }
        Assert.Equal(default, Comparison.Of((await undisturbed.OutcomeAsync(patience.Token)).Transitions, found));
        Assert.Equal(2, sides.Count);
        Assert.All(sides.Values, count => Assert.True(count > 100, $"only {count} transitions"));
    }

    private KafkaOptions Kafka => new() { BootstrapServers = broker.Bootstrap };

    private string[] Servers(string output, string deadLetters) =>
    [
        "--source", "kafka", "--store", "redis", "--bootstrap", broker.Bootstrap, "--redis", redis.Endpoint, "--set", "Kafka:GroupTimeout=00:00:04", "--set", "Engine:RevokeDrainMax=00:00:02",
        "--set", "Engine:Clock=event", "--set", "Engine:RecalibrationInterval=1.00:00:00", "--set", "Publish:Schemes=absolute,churn,lifecycle",
        "--set", $"Kafka:TransitionsTopic={output}", "--set", $"Kafka:DeadLettersTopic={deadLetters}",
    ];

    private ValueTask<RedisStateStore> StoreAsync(string prefix, string topic) =>
        RedisStateStore.OpenAsync(new RedisOptions { Endpoints = [redis.Endpoint], Prefix = prefix }, topic, patience.Token);
}
