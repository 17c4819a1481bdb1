using System.Security.Cryptography;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Replay;

/// <summary>
/// A replay through a broker and a store, by worker processes in a consumer group and under a store prefix of this run's own. It starts at the present ends
/// of the topics and leaves them as long as it found them plus the file.
/// </summary>
internal static class DistributedReplay
{
    /// <summary>Runs it.</summary>
    public static async Task<ReplayReport> RunAsync(
        StreamScorerOptions options, ReplayRequest request, ILoggerFactory loggers, Action<double> read, Action<double> applied, CancellationToken cancellation)
    {
        ScoringRules rules = PolicyLoader.Load(options.PolicyFile);
        StreamScorerOptions own = Own(options, request);
        await using Deployment deployment = await Deployment.OpenAsync(own, loggers, cancellation);
        await deployment.Sink.OpenAsync(deployment.PartitionCount, cancellation);
        PartitionStart[] starts = await StartAtEndsAsync(deployment, cancellation);

        var fleet = new WorkerFleet(own, request.Workers, loggers.CreateLogger<WorkerFleet>());
        await using (fleet)
        {
            long start = TimeProvider.System.GetTimestamp();
            using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task replaying = FeedAndWaitAsync(own, request, deployment, starts, loggers, read, applied, failed.Token);
            Task first = await Task.WhenAny(fleet.FailureAsync(), replaying);
            await failed.CancelAsync();
            await first;
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
            await fleet.StopAsync();

            var report = new ReportBuilder(rules);
            for (int partition = 0; partition < starts.Length; partition++)
                await report.AddPartitionAsync(deployment.Store, deployment.Sink, partition, starts[partition].SinkPosition, isShared: true, cancellation);
            // A failed run leaves its keys for whoever wants to know why.
            await ((RedisStateStore)deployment.Store).DeleteAsync(starts.Length, cancellation);
            return report.Build(elapsed);
        }
    }

    /// <summary>The options of this run's workers: a group and a prefix that nobody else has, and no web surface.</summary>
    private static StreamScorerOptions Own(StreamScorerOptions options, ReplayRequest request)
    {
        string run = "replay-" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        StreamScorerOptions own = ReplayOptions.Of(options, request) with
        {
            Source = SourceKind.Kafka,
            Store = StoreKind.Redis,
            Kafka = options.Kafka with { GroupId = $"{options.Kafka.GroupId}-{run}" },
            Redis = options.Redis with { Prefix = $"{options.Redis.Prefix}-{run}" },
            Http = options.Http with { Urls = UrlsAttribute.None },
            Logging = options.Logging with { Level = ReplayOptions.LogLevelOf(options) },
        };
        return OptionsRelations.Broken(own).ToArray() is [_, ..] errors ? throw new OptionsException(errors) : own;
    }

    /// <summary>Commits each partition's present ends as where the workers begin, before there are any.</summary>
    private static async Task<PartitionStart[]> StartAtEndsAsync(Deployment deployment, CancellationToken cancellation)
    {
        var starts = new PartitionStart[deployment.PartitionCount];
        for (int partition = 0; partition < starts.Length; partition++)
        {
            OffsetRange offsets = await deployment.Source.GetOffsetsAsync(partition, cancellation);
            starts[partition] = new PartitionStart(offsets.End, await deployment.Sink.EndPositionAsync(partition, cancellation));
            await using IPartitionStore store = await deployment.Store.OpenPartitionAsync(partition, cancellation);
            ClaimResult claim = await store.ClaimAsync(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), cancellation);
            if (!claim.Claimed)
                throw new StateStoreException($"partition {partition} could not be claimed: {claim.Error}");
            var commit = new PartitionCommit();
            PartitionMeta first = claim.Meta with
            {
                Offset = starts[partition].Offset,
                SinkPosition = starts[partition].SinkPosition,
                Layout = RecordLayout.Own,
            };
            commit.Seal(claim.Meta.Fence, first, trimThroughSeq: 0);
            CommitOutcome outcome = await store.CommitAsync(commit, cancellation);
            if (outcome != CommitOutcome.Applied)
                throw new StateStoreException($"partition {partition} could not be prepared: {outcome}");
        }
        return starts;
    }

    private static async Task FeedAndWaitAsync(
        StreamScorerOptions own,
        ReplayRequest request,
        Deployment deployment,
        PartitionStart[] starts,
        ILoggerFactory loggers,
        Action<double> read,
        Action<double> applied,
        CancellationToken cancellation)
    {
        var writer = new KafkaLogWriter(ClientOptions.Kafka(own), own.Kafka.TransactionsTopic, loggers.CreateLogger<KafkaLogWriter>());
        await using var feed = new KafkaFeed(writer, await writer.OpenAsync(cancellation));
        await FileFeeder.FeedAsync(request, feed, read, cancellation);
        var ranges = new OffsetRange[starts.Length];
        for (int partition = 0; partition < ranges.Length; partition++)
            ranges[partition] = new OffsetRange(starts[partition].Offset, (await deployment.Source.GetOffsetsAsync(partition, cancellation)).End);
        await new ReplayWatch(deployment.Store, ranges.Length, TimeProvider.System).WaitAsync(ranges, applied, cancellation);
    }

    /// <summary>Where this run's part of a partition begins, in the input and in the output.</summary>
    private readonly record struct PartitionStart(long Offset, long SinkPosition);
}
