using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Testing;
using StreamScorer.Testing.Brokers;
using StreamScorer.Testing.Servers;
using StreamScorer.Worker.Hosting;
using StreamScorer.Worker.Input;
using StreamScorer.Worker.Replay;

namespace StreamScorer.EndToEnd.Faults;

/// <summary>
/// Three brokers, a Redis behind a network that can be cut, and a worker that lives through fault after fault, because a group's first member waits three seconds.
/// Every record goes to the real input and to the input of an undisturbed engine in memory; after each fault both must have come to the same.
/// </summary>
public sealed class FaultRig : IAsyncLifetime
{
    /// <summary>Partitions of every topic.</summary>
    public const int Partitions = 4;

    /// <summary>A group that the broker commands can name.</summary>
    public const string Group = "faults";

    /// <summary>What a worker says when a partition is its own.</summary>
    public const string TakenOver = "taken over with";

    // One broker for the input, one for the group, one for the outputs: each can be taken away alone.
    internal const int InputBroker = 1, GroupBroker = 2, OutputBroker = 3;
    private const int RecordsMax = 60_000;
    private readonly TempDirectory directory = new();
    private readonly SemaphoreSlim oneAppender = new(1);
    private readonly UndisturbedRun undisturbed = new(Partitions);
    private EventFile file = null!;
    private KafkaLogWriter writer = null!;
    private WorkerProgram? worker;
    private int repeatsSoFar;

    internal TestBrokerProcess Broker { get; private set; } = null!;

    internal RedisServerProcess Redis { get; set; } = null!;

    internal TcpProxy Network { get; private set; } = null!;

    /// <summary>Ends what takes too long.</summary>
    internal CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        string[] topics = ["transactions", "tier-transitions", "transactions.dead-letters"];
        Broker = await TestBrokerProcess.StartAsync(topics.Select(topic => $"{topic}:{Partitions}"), brokers: 3);
        await PlaceAsync(InputBroker, GroupBroker, OutputBroker);
        Redis = await RedisServerProcess.StartAsync(new RedisServerOptions { AppendOnly = true }, SmallDisk.MountOn);
        Network = new TcpProxy(Redis.Port);
        string path = directory.File("events.csv");
        DemoFile.Write(path, RecordsMax);
        file = EventFile.Open(path, ColumnMap.Empty);
        writer = new KafkaLogWriter(Kafka, "transactions", NullLogger<KafkaLogWriter>.Instance);
        await writer.OpenAsync(Patience);
        await AppendAsync(500);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        worker?.Dispose();
        await writer.DisposeAsync();
        await Network.DisposeAsync();
        await Broker.DisposeAsync();
        await Redis.KillAsync();
        SmallDisk.Unmount(Redis.DirectoryPath);
        await Redis.DisposeAsync();
        file.Dispose();
        directory.Dispose();
    }

    /// <summary>The worker, started when there is none, and owning all partitions.</summary>
    internal async Task<WorkerProgram> WorkerAsync()
    {
        if (worker is { HasEnded: false })
            return worker;
        worker?.Dispose();
        worker = StartWorker();
        await OwnsAsync(worker, 0, Partitions);
        return worker;
    }

    /// <summary>Another worker of the group.</summary>
    internal WorkerProgram StartWorker(params string[] more) => WorkerProgram.Start(
        AppContext.BaseDirectory, ["run", "--urls", "http://127.0.0.1:0", "--until-input-closes", .. Flags, .. more]);

    /// <summary>
    /// What a worker and every command is configured with. One batch under way at a time: the test's broker knows no sequence numbers, so it accepts a batch after a
    /// refused one, which a producer with several under way takes for an acknowledgement of both. Kafka refuses it.
    /// </summary>
    internal string[] Flags =>
    [
        "--source", "kafka", "--store", "redis", "--bootstrap", Broker.Bootstrap, "--redis", Network.Endpoint, "--group", Group,
        "--set", "Kafka:GroupTimeout=00:00:04", "--set", "Engine:RevokeDrainMax=00:00:02", "--set", "Engine:Clock=event",
        "--set", "Engine:RecalibrationInterval=1.00:00:00", "--set", "Publish:Schemes=absolute,churn,lifecycle", "--set", "Kafka:Client:max.in.flight.requests.per.connection=1",
    ];

    /// <summary>Completes when a worker has taken over so many partitions since it had said so <paramref name="before"/> times.</summary>
    internal Task OwnsAsync(WorkerProgram owner, int before, int partitions) =>
        Until.TrueAsync(() => owner.Count(TakenOver) >= before + partitions, $"own {partitions} partitions", () => owner.Errors);

    /// <summary>Appends records to the real and to the undisturbed input, and completes when the broker has them.</summary>
    internal async Task AppendAsync(int records)
    {
        await oneAppender.WaitAsync();
        try
        {
            for (int i = 0; i < records && file.Read(); i++)
            {
                int partition = await writer.AppendAsync(file.Key.ToArray(), file.Value.ToArray(), Patience);
                undisturbed.Append(partition, file.Key.ToArray(), file.Value.ToArray(), file.TimeUnixMs ?? 0);
            }
            await writer.FlushAsync(Patience);
        }
        finally
        {
            oneAppender.Release();
        }
    }

    /// <summary>Completes when everything is consumed, assessed and published.</summary>
    internal async Task SettleAsync()
    {
        await using RedisStateStore store = await StoreAsync();
        try
        {
            await new ReplayWatch(store, Partitions, TimeProvider.System).WaitAsync(undisturbed.Ranges, _ => { }, Patience);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the worker did not go on:\n{worker?.Errors}");
        }
    }

    /// <summary>
    /// Completes when everything is consumed, assessed and published, and is the same as undisturbed: the state of every customer, and each transition once, in
    /// order. With <paramref name="mayRepeat"/> a transition may stand on the output again under the same id.
    /// </summary>
    internal async Task ConvergeAsync(bool mayRepeat = false)
    {
        await SettleAsync();
        await using RedisStateStore store = await StoreAsync();
        await using var sink = new KafkaTransitionSink(Kafka, NullLogger<KafkaTransitionSink>.Instance);
        Outcome actual = await Outcome.ReadAsync(UndisturbedRun.Rules, store, sink, Partitions, Patience);
        Outcome expected = await undisturbed.OutcomeAsync(Patience);

        Comparison comparison = Comparison.Of(expected.Transitions, actual.Transitions);
        Assert.True(comparison == default, $"{comparison}; digest {expected.Digest} and {actual.Digest}; repeated ids {actual.RepeatedIds}; {string.Join(' ', await MetasAsync())}\n{worker?.Errors}");
        Assert.Equal(expected.Digest, actual.Digest);
        Assert.Equal(expected.Counters, actual.Counters);
        Assert.True(actual.IsConserved);
        if (!mayRepeat)
            Assert.Equal(repeatsSoFar, actual.RepeatedIds);
        repeatsSoFar = actual.RepeatedIds;
    }

    /// <summary>What is stored of each partition.</summary>
    internal async Task<PartitionMeta[]> MetasAsync()
    {
        await using RedisStateStore store = await StoreAsync();
        var metas = new PartitionMeta[Partitions];
        for (int partition = 0; partition < Partitions; partition++)
            metas[partition] = await store.ReadMetaAsync(partition, Patience) ?? PartitionMeta.Empty;
        return metas;
    }

    /// <summary>Puts leaders and the group's coordinator on brokers.</summary>
    internal async Task PlaceAsync(int input, int group, int output)
    {
        for (int partition = 0; partition < Partitions; partition++)
        {
            await Broker.CommandAsync($"leader transactions {partition} {input}");
            await Broker.CommandAsync($"leader tier-transitions {partition} {output}");
            await Broker.CommandAsync($"leader transactions.dead-letters {partition} {output}");
        }
        await Broker.CommandAsync($"coordinator group {Group} {group}");
    }

    private KafkaOptions Kafka => new() { BootstrapServers = Broker.Bootstrap, GroupId = "faults-reader" };

    /// <summary>The store, past the network, which may be cut.</summary>
    internal ValueTask<RedisStateStore> StoreAsync() => RedisStateStore.OpenAsync(new RedisOptions { Endpoints = [Redis.Endpoint] }, "transactions", Patience);
}

/// <summary>All classes that share the rig; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class FaultCollection : ICollectionFixture<FaultRig>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "faults";
}
