using System.ComponentModel;
using System.Diagnostics;
using Confluent.Kafka;
using StreamScorer.LoadTest.Load;
using StreamScorer.LoadTest.Measures;
using StreamScorer.LoadTest.Subjects;
using StreamScorer.Redis;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.LoadTest;

/// <summary>One run: everything against the same broker and Redis on the same machine, one subject after the other.</summary>
internal sealed class LoadTestRun(LoadTestOptions options, TextWriter progress)
{
    private static readonly string[] testBrokerSettings =
    [
        // It answers an empty fetch when its time is over, also when records have come meanwhile; a real broker answers at once.
        "Kafka:FetchWaitMax=00:00:00.001",
        // It finds a batch by going through all that it retains, which is 5 MiB a partition: the larger they are, the fewer. As the feeder's.
        "Kafka:Client:compression.type=none",
    ];

    private const double LoadShare = 0.7;
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(3);
    private readonly ScoringRules rules = new(new ScoringPolicy());
    private readonly Workload workload = new(options.Customers, options.Partitions, options.Zipf);
    private readonly Report report = new() { Customers = options.Customers, Partitions = options.Partitions };

    /// <summary>Measures.</summary>
    public async Task<Report> RunAsync()
    {
        long start = Stopwatch.GetTimestamp();
        Say("scoring on one core");
        MeasureScoring();
        Say("start of run, and replay");
        report.SecondsToFirstTransition = Math.Round(await ProgramRuns.FirstTransitionAsync(), 2);
        if (options.ReplayFile is { } file)
            report.ReplaySeconds = Math.Round(await ProgramRuns.ReplayAsync(file), 2);
        await using LoadServers servers = await LoadServers.StartAsync(options.Partitions);
        using var feeder = new Feeder(servers.Bootstrap, LoadServers.Topic, workload, CompressionType.Zstd);
        SeededCustomers seed = await PrepareAsync(servers, feeder);
        if (options.Yardsticks)
            await MeasurePipeAsync(servers);
        await MeasureWorkerAsync(servers, feeder, seed);
        if (options.Yardsticks)
            await MeasurePeersAsync(servers);
        report.Seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1);
        return report;
    }

    private void MeasureScoring()
    {
        ScoringRate rate = ScoringRate.Measure(rules, Math.Min(options.Customers, 200_000), options.Settled);
        report.ScoredPerSecondPerCore = Math.Round(rate.EventsPerSecond);
        report.ParsedPerSecondPerCore = Math.Round(rate.ParsedPerSecond);
        report.AllocatedBytesPerEvent = Math.Round(rate.BytesPerEvent, 1);
        report.BytesPerCustomer = Math.Round(rate.BytesPerCustomer);
        Say($"parsing: {rate.ParsedPerSecond:N0} events/s, scoring: {rate.EventsPerSecond:N0}");
    }

    private async Task<SeededCustomers> PrepareAsync(LoadServers servers, Feeder feeder)
    {
        Say($"seeding {options.Customers:N0} customers, sending {options.Events:N0} events");
        var seed = new SeededCustomers(rules, workload, NowMs(), options.Settled);
        await using RedisStateStore store = await servers.OpenStoreAsync("worker");
        await seed.WriteAsync(store);
        feeder.SendBacklog(options.Events, seed.NowMs, NowMs());
        return seed;
    }

    private async Task MeasurePipeAsync(LoadServers servers)
    {
        Say("pipe");
        using var feeder = new Feeder(servers.Bootstrap, LoadServers.PipeTopic, workload, CompressionType.Zstd);
        feeder.SendBacklog(options.Events, NowMs() - 10_000, NowMs());
        await using StoringSubject pipe = await StoringSubject.PipeAsync(servers, "pipe");
        report.PipeEventsPerSecond = Math.Round((await DrainAsync(pipe, servers, feeder)).EventsPerSecond);
        Say($"pipe: {report.PipeEventsPerSecond:N0} events/s");
    }

    // What it worked off so far has warmed it up: it finds another backlog of the same size, all of which counts.
    private async Task<Throughput> DrainAsync(Subject subject, LoadServers servers, Feeder feeder)
    {
        await subject.HasAsync(options.Events, patience);
        subject.Pause(() => feeder.SendBacklog(options.Events, feeder.LastMs, NowMs()));
        return await Throughput.MeasureAsync(subject, servers, options.Events, 2L * options.Events, patience);
    }

    private async Task MeasureWorkerAsync(LoadServers servers, Feeder feeder, SeededCustomers seed)
    {
        Say("worker");
        await using StoringSubject worker = await StoringSubject.WorkerAsync(servers, "worker", [.. testBrokerSettings, .. options.WorkerSettings]);
        await worker.HasAsync(1, patience);
        report.TakeoverSeconds = TakeoverOf(worker);
        report.SecondsToFirstCommit = Math.Round(Stopwatch.GetElapsedTime(worker.StartedTicks).TotalSeconds, 2);
        Throughput drained = await DrainAsync(worker, servers, feeder);
        report.EventsPerSecond = Math.Round(drained.EventsPerSecond);
        Say($"worker: {drained.EventsPerSecond:N0} events/s");
        report.CpuMicrosPerEvent = drained.CpuMicrosPerEvent;

        using var reader = new TransitionReader(servers.Bootstrap, options.Partitions, feeder.SendOf);
        if (options.EventsPerSecond is not null)
            report.Notes.Add("what the worker holds of an open loop was not looked for, because the load was given");
        double sustained = options.EventsPerSecond / LoadShare ?? await FindSustainedAsync(worker, feeder, drained.EventsPerSecond);
        reader.TakeSilences();
        report.LatencyMsAtOnePercent = await LatencyAsync(worker, servers, feeder, reader, 0.01 * sustained);
        report.LatencyMs = await LatencyAsync(worker, servers, feeder, reader, LoadShare * sustained);
        report.SilenceMs = Figures(reader.TakeSilences(), LoadShare * sustained);
        report.WorkerResidentBytes = ProcessFigures.ResidentBytes(worker.ProcessId);

        Say("checking answers");
        var oracle = new Oracle(rules, seed, workload, options.CheckEvery);
        foreach (LoadEvent e in feeder.Events)
            oracle.Apply(in e);
        await using RedisStateStore store = await servers.OpenStoreAsync("worker");
        report.AnswersChecked = await oracle.CheckAsync(store, options.Partitions);
    }

    private async Task<double> FindSustainedAsync(StoringSubject worker, Feeder feeder, double most)
    {
        double sustained = await OpenLoopCapacity.FindAsync(worker, feeder, most);
        report.SustainedEventsPerSecond = Math.Round(sustained);
        Say($"worker beside feeder and reader: {sustained:N0} events/s");
        return sustained;
    }

    private async Task<LatencyFigures?> LatencyAsync(StoringSubject worker, LoadServers servers, Feeder feeder, TransitionReader reader, double eventsPerSecond)
    {
        Say($"latency at {eventsPerSecond:N0} events/s");
        await feeder.SendAtRateAsync(worker, eventsPerSecond, TimeSpan.FromSeconds(1));
        await worker.HasAsync(feeder.Sent, patience);
        reader.Take();
        var cpu = new CpuUse([("worker", worker.ProcessId), .. servers.Processes, ("feeder and reader", Environment.ProcessId)]);
        long first = feeder.Sent;
        if (!await feeder.SendAtRateAsync(worker, eventsPerSecond, options.LatencyLength))
            report.Notes.Add($"{eventsPerSecond:N0} events/s ended early, after {feeder.Sent - first:N0}: the worker fell too far behind");
        await worker.HasAsync(feeder.Sent, patience);
        StageLatencies taken = reader.Take();
        return Figures(taken.Whole, eventsPerSecond) is not { } whole ? null : whole with
        {
            FeedingMs = Quantiles.Of(taken.Feeding),
            ScoringMs = Quantiles.Of(taken.Scoring),
            ReadingMs = Quantiles.Of(taken.Reading),
            CpuMicrosPerEvent = cpu.MicrosPer(feeder.Sent - first),
        };
    }

    private static LatencyFigures? Figures(Latencies taken, double eventsPerSecond) => taken.Count == 0
        ? null
        : new(taken.Quantile(0.5), taken.Quantile(0.99), Math.Round(taken.MaxMs, 1), taken.Count, Math.Round(eventsPerSecond));

    private static double? TakeoverOf(Subject worker) =>
        worker.Said("Assigned transactions") is { } assigned && worker.Said("taken over with") is { } taken
            ? Math.Round(Stopwatch.GetElapsedTime(assigned.First, taken.Last).TotalSeconds, 2)
            : null;

    private async Task MeasurePeersAsync(LoadServers servers)
    {
        using var feeder = new Feeder(servers.Bootstrap, LoadServers.PeerTopic, workload, CompressionType.Gzip);
        feeder.SendBacklog(options.PeerEvents, NowMs() - 10_000, NowMs());
        Say("hand-written worker");
        report.HandWrittenEventsPerSecond = await PeerAsync(servers, PrintingSubject.HandWritten(servers, LoadServers.PeerTopic), warmUp: 10_000, TimeSpan.FromSeconds(5));
        Say("node peer");
        try
        {
            string directory = await NodePackages.InstallAsync();
            report.NodeEventsPerSecond = await PeerAsync(servers, PrintingSubject.Node(servers, LoadServers.PeerTopic, directory), warmUp: 80_000, TimeSpan.FromSeconds(10));
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            report.Notes.Add($"the Node peer was not measured: {e.Message}");
        }
    }

    private async Task<double> PeerAsync(LoadServers servers, PrintingSubject subject, long warmUp, TimeSpan most)
    {
        await using (subject)
        {
            Throughput drained = await Throughput.MeasureAsync(subject, servers, warmUp, options.PeerEvents, most);
            return Math.Round(drained.EventsPerSecond);
        }
    }

    private static long NowMs() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private void Say(string what) => progress.WriteLine($"{DateTime.Now:HH:mm:ss} {what}");
}
