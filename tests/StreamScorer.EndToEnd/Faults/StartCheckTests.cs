using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Commit;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Testing.Brokers;
using StreamScorer.Testing.Servers;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.EndToEnd.Faults;

/// <summary>
/// Real workers on a real broker and Redis whose state does not belong to the input: each says so and ends, and goes on when told how. Each case has topics, a group
/// and a prefix of its own; they run beside one another, because every start waits for its group.
/// </summary>
public sealed class StartCheckTests : IAsyncLifetime
{
    private const int Partitions = 2, Records = 5;
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
    private TestBrokerProcess broker = null!;
    private RedisServerProcess redis = null!;

    public async Task InitializeAsync()
    {
        string[] cases = ["ahead", "recreated", "other-store", "grown", "newer"];
        broker = await TestBrokerProcess.StartAsync(cases.SelectMany(name => (string[])[$"{name}:{Partitions}", $"{name}.out:{Partitions}", $"{name}.dead:{Partitions}"]));
        redis = await RedisServerProcess.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await broker.DisposeAsync();
        await redis.DisposeAsync();
        patience.Dispose();
    }

    [Fact]
    [Trait("Fault", "F6")]
    [Trait("Fault", "F20")]
    [Trait("Fault", "F21")]
    [Trait("Fault", "F24")]
    public Task A_state_that_does_not_belong_to_its_input_is_refused_until_told_how_to_go_on() =>
        Task.WhenAll(AheadAsync("ahead"), RecreatedAsync("recreated"), OtherStoreAsync("other-store"), GrownAsync("grown"), NewerAsync("newer"));

    // The topic has lost its tail, or was recreated: the state is ahead of it.
    private async Task AheadAsync(string name)
    {
        await WriteStateAsync(name, meta => meta with { Offset = 1_000 });
        await RefusedAsync(name, "the next record is 1000, but the input ends at 0");

        using WorkerProgram past = await TakenOverAsync(name, "from offset 0", "--accept-gap");
        await AppendAsync(name);
        Assert.Equal(Records, await AppliedAsync(name));
    }

    // The topic was recreated and has grown again: another record stands where the last one was.
    private async Task RecreatedAsync(string name)
    {
        await AppendAsync(name);
        await WriteStateAsync(name, meta => meta with { Offset = 3, LastRecordHash = 1, LastRecordTimestampMs = 1 });
        await RefusedAsync(name, "record 2 is not the one that was processed");

        using WorkerProgram past = await TakenOverAsync(name, "from offset 0", "--rebuild");
        Assert.Equal(Records, await AppliedAsync(name));
    }

    // Another Redis, or a flushed one: the group has progressed, but there is no state.
    private async Task OtherStoreAsync(string name)
    {
        await AppendAsync(name);
        using (WorkerProgram first = await TakenOverAsync(name, "from offset 0"))
        {
            Assert.Equal(Records, await AppliedAsync(name));
            first.Terminate();
            Assert.Equal(0, (await first.EndAsync()).ExitCode);
        }
        string[] published = await PublishedAsync(name);
        Assert.NotEmpty(published);
        string[] elsewhere = ["--set", $"Redis:Prefix={name}.elsewhere"];
        await RefusedAsync(name, $"the store has no state, although the input was processed up to offset {Records}", elsewhere);

        using WorkerProgram past = await TakenOverAsync(name, "from offset 0", ["--rebuild", .. elsewhere]);
        Assert.Equal(Records, await AppliedAsync(name, $"{name}.elsewhere"));
        Assert.Equal(published, await PublishedAsync(name));
    }

    private async Task GrownAsync(string name)
    {
        await using (RedisStateStore store = await StoreAsync(name))
            await store.ReadOrCreateAppAsync(name, 1, 2, patience.Token);
        await RefusedAsync(name, $"has {Partitions} partitions, but the state was begun with 1");
    }

    private async Task NewerAsync(string name)
    {
        await using (RedisStateStore store = await StoreAsync(name))
            await store.ReadOrCreateAppAsync(name, Partitions, 9, patience.Token);
        await RefusedAsync(name, "has record layout 9, this version reads layouts 2 to 3");
    }

    private string[] Flags(string name) =>
    [
        "--source", "kafka", "--store", "redis", "--bootstrap", broker.Bootstrap, "--redis", redis.Endpoint, "--group", name, "--set", $"Redis:Prefix={name}",
        "--set", $"Kafka:TransactionsTopic={name}", "--set", $"Kafka:TransitionsTopic={name}.out", "--set", $"Kafka:DeadLettersTopic={name}.dead",
        "--set", "Kafka:GroupTimeout=00:00:04", "--set", "Engine:RevokeDrainMax=00:00:02", "--set", "Engine:Clock=event",
    ];

    private async Task RefusedAsync(string name, string reason, params string[] more)
    {
        using WorkerProgram worker = WorkerProgram.Start(AppContext.BaseDirectory, ["run", "--until-input-closes", "--urls", "none", .. Flags(name), .. more]);
        ProgramResult result = await worker.EndAsync().WaitAsync(patience.Token);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
        Assert.Contains("--rebuild", result.Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Unavailable, result.ExitCode);
    }

    private async Task<WorkerProgram> TakenOverAsync(string name, string where, params string[] more)
    {
        WorkerProgram worker = WorkerProgram.Start(AppContext.BaseDirectory, ["run", "--until-input-closes", "--urls", "none", .. Flags(name), .. more]);
        Assert.Contains(where, await worker.ErrorLineAsync("Partition 0 taken over", patience.Token), StringComparison.Ordinal);
        return worker;
    }

    private async Task AppendAsync(string name)
    {
        await using var writer = new KafkaLogWriter(new KafkaOptions { BootstrapServers = broker.Bootstrap }, name, NullLogger<KafkaLogWriter>.Instance);
        await writer.OpenAsync(patience.Token);
        for (int i = 0; i < Records; i++)
        {
            string value = $$"""{"customerId":"c1","id":"e{{i}}","time":"2026-01-0{{1 + i}}T10:00:00Z","type":"purchase","amount":{{100 * (i + 1)}}}""";
            await writer.AppendAsync(0, "c1"u8.ToArray(), Encoding.UTF8.GetBytes(value), [], patience.Token);
        }
        await writer.FlushAsync(patience.Token);
    }

    private async Task<long> AppliedAsync(string name, string? prefix = null)
    {
        await using RedisStateStore store = await StoreAsync(name, prefix);
        PartitionMeta meta = default;
        await Until.TrueAsync(
            async () => (meta = await store.ReadMetaAsync(0, patience.Token) ?? default).Counters.Applied >= Records && meta.OutboxSeq == meta.PublishedSeq,
            $"apply and publish the {Records} records of {name}", () => $"{meta}");
        return meta.Counters.Applied;
    }

    private async Task<string[]> PublishedAsync(string name)
    {
        await using var output = new OutputTopic(broker.Bootstrap, Partitions, $"{name}.out");
        return [.. (await output.TransitionsAsync()).Select(transition => transition.Id)];
    }

    private async Task WriteStateAsync(string name, Func<PartitionMeta, PartitionMeta> change)
    {
        await using RedisStateStore store = await StoreAsync(name);
        await store.ReadOrCreateAppAsync(name, Partitions, 2, patience.Token);
        await using IPartitionStore partition = await store.OpenPartitionAsync(0, patience.Token);
        PartitionMeta claimed = (await partition.ClaimAsync(0, patience.Token)).Meta;
        var commit = new PartitionCommit();
        commit.Seal(claimed.Fence, change(claimed), 0);
        Assert.Equal(CommitOutcome.Applied, await partition.CommitAsync(commit, patience.Token));
    }

    private ValueTask<RedisStateStore> StoreAsync(string name, string? prefix = null) =>
        RedisStateStore.OpenAsync(new RedisOptions { Endpoints = [redis.Endpoint], Prefix = prefix ?? name }, name, patience.Token);
}
