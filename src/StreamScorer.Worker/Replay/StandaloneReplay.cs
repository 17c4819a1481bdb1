using System.Runtime;
using StreamScorer.Engine;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Replay;

/// <summary>A replay through the standalone engine: the real log, store and engine in a file of their own that is deleted afterwards.</summary>
internal static class StandaloneReplay
{
    // Nobody waits for a single record of a file, and a customer is written once a commit however many events it has there. As many transitions are published at once:
    // a publication waits for the commit before it, so that fewer would be behind the commits and stay in memory until the end.
    private const int RecordsPerCommit = 10_000;

    /// <summary>Runs it.</summary>
    public static async Task<ReplayReport> RunAsync(
        StreamScorerOptions options, ReplayRequest request, ILoggerFactory loggers, Action<double> read, Action<double> applied, CancellationToken cancellation)
    {
        // Reading the policy takes as long as opening the log, and feeding needs the log only.
        Task<ScoringRules> loading = Task.Run(() => PolicyLoader.Load(options.PolicyFile), cancellation);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("streamscorer-replay-");
        // Collecting beside the threads keeps requests from waiting, but takes more of the processor; here nobody waits for a request.
        GCLatencyMode latency = GCSettings.LatencyMode;
        GCSettings.LatencyMode = GCLatencyMode.Batch;
        try
        {
            StreamScorerOptions own = options with
            {
                Source = SourceKind.Standalone,
                Store = StoreKind.Standalone,
                DataDirectory = directory.FullName,
                Engine = options.Engine with { BatchSizeMax = Math.Max(options.Engine.BatchSizeMax, RecordsPerCommit) },
            };
            await using Deployment deployment = Deployment.OpenForOneRun(own);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            long start = TimeProvider.System.GetTimestamp();
            Task feeding = Task.Run(() => FeedAndWaitAsync(deployment, request, read, applied, stop.Token), CancellationToken.None);
            Engine.EngineOptions limits = ReplayOptions.Engine(own, request) with { PublishBatchMax = RecordsPerCommit };
            Task running = RunEngineAsync(deployment, loading, limits, loggers, stop.Token);
            try
            {
                await FirstOf(running, feeding);
            }
            finally
            {
                await stop.CancelAsync();
                await Task.WhenAll(running, feeding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            await running;
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
            return await ReportAsync(deployment, await loading, elapsed, cancellation);
        }
        finally
        {
            GCSettings.LatencyMode = latency;
            directory.Delete(recursive: true);
        }
    }

    private static async Task RunEngineAsync(
        Deployment deployment, Task<ScoringRules> loading, Engine.EngineOptions engineOptions, ILoggerFactory loggers, CancellationToken stopping)
    {
        var engine = new StreamEngine(
            deployment.Source, deployment.Store, deployment.Sink, await loading, engineOptions, new EngineLog(loggers.CreateLogger<StreamEngine>()));
        await EngineRunner.RunAsync(engine, TimeProvider.System, stopping);
    }

    private static async Task FeedAndWaitAsync(
        Deployment deployment, ReplayRequest request, Action<double> read, Action<double> applied, CancellationToken cancellation)
    {
        await using var feed = new StandaloneFeed(deployment.Log!);
        await FileFeeder.FeedAsync(request, feed, read, cancellation);
        var ranges = new OffsetRange[deployment.PartitionCount];
        for (int partition = 0; partition < ranges.Length; partition++)
            ranges[partition] = await deployment.Source.GetOffsetsAsync(partition, cancellation);
        await new ReplayWatch(deployment.Store, deployment.PartitionCount, TimeProvider.System).WaitAsync(ranges, applied, cancellation);
    }

    // Partitions share no customer, so they are read beside each other.
    private static async Task<ReplayReport> ReportAsync(Deployment deployment, ScoringRules rules, TimeSpan elapsed, CancellationToken cancellation)
    {
        var whole = new ReportBuilder(rules);
        foreach (Task<ReportBuilder> part in Enumerable.Range(0, deployment.PartitionCount).Select(partition => Task.Run(() => ReadAsync(partition))).ToList())
            whole.Add(await part);
        return whole.Build(elapsed);

        async Task<ReportBuilder> ReadAsync(int partition)
        {
            var part = new ReportBuilder(rules);
            await part.AddPartitionAsync(deployment.Store, deployment.Sink, partition, sinkStart: 0, isShared: false, cancellation);
            return part;
        }
    }

    /// <summary>An engine that fails would leave the other waiting for ever.</summary>
    private static async Task FirstOf(Task running, Task replaying) => await await Task.WhenAny(running, replaying);
}
