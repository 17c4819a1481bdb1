using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Hosting;
using StreamScorer.Worker.Replay;

namespace StreamScorer.Chaos;

/// <summary>
/// Feeds a file to workers and kills them until enough are dead, lets a last one finish, and compares with one that scores the same input undisturbed. Successors
/// start in a consumer group of their own, because a group waits for its dead members; they own the same state, for only the store says what has been consumed.
/// </summary>
internal sealed class Campaign(ChaosArguments arguments, TextWriter progress)
{
    /// <summary>Longest wait for something that must happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // What a kill takes on a machine with two cores; the feed is spread over all kills by it.
    private static readonly TimeSpan perKill = TimeSpan.FromSeconds(1.5);
    private readonly GenerationPlanner planner = new(new Random(arguments.Seed));
    private int killed;

    /// <summary>Runs it.</summary>
    /// <exception cref="CampaignException">Workers stopped working, or ended in another way than by being killed.</exception>
    public async Task<CampaignResult> RunAsync(CancellationToken cancellation)
    {
        using CampaignInput input = CampaignInput.Open(arguments.File);
        await using ChaosServers servers = await ChaosServers.StartAsync();
        long started = Stopwatch.GetTimestamp();
        progress.WriteLine($"{input.Records} records of {input.Path}, seed {arguments.Seed}");

        var writer = new KafkaLogWriter(servers.Kafka("disturbed"), "transactions", NullLogger<KafkaLogWriter>.Instance);
        await using var feed = new PacedFeed(new KafkaFeed(writer, await writer.OpenAsync(cancellation)), input.Records, arguments.Kills, perKill);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using WorkerProgram undisturbed = Start(servers, "undisturbed");
        WorkerProgram? disturbed = null;
        Task feeding = FileFeeder.FeedAsync(input.Request, feed, _ => { }, failed.Token);
        try
        {
            disturbed = await KillAsync(servers, feed, cancellation);
            progress.WriteLine($"killed {killed} in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s; the last worker finishes");
            feed.LetPass();
            await feeding;
            OffsetRange[] ranges = await RangesAsync(writer, cancellation);
            await FinishAsync(servers, "disturbed", disturbed, ranges, cancellation);
            await FinishAsync(servers, "undisturbed", undisturbed, ranges, cancellation);
            return await CompareAsync(servers, cancellation);
        }
        finally
        {
            disturbed?.Dispose();
            await failed.CancelAsync();
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static WorkerProgram Start(ChaosServers servers, string run) =>
        WorkerProgram.Start(AppContext.BaseDirectory, servers.Flags(run, $"chaos-{run}"));

    /// <summary>Kills as many as asked for.</summary>
    /// <returns>The one that is left to finish.</returns>
    private async Task<WorkerProgram> KillAsync(ChaosServers servers, PacedFeed feed, CancellationToken cancellation)
    {
        int number = 0;
        Generation generation = NextGeneration();
        while (true)
        {
            using Generation former = generation;
            await former.RipeAsync(cancellation);
            bool isLast = killed + former.Count == arguments.Kills;
            IDisposable successor = isLast ? Start(servers, "disturbed") : generation = NextGeneration(former.Count);
            try
            {
                killed += await former.DieAsync(cancellation);
            }
            catch
            {
                successor.Dispose();
                throw;
            }
            feed.Killed(killed);
            progress.WriteLine($"killed {killed} of {arguments.Kills}; {former}");
            if (successor is WorkerProgram last)
                return last;
        }

        Generation NextGeneration(int dying = 0) =>
            Generation.Start(planner.Next(Math.Min(arguments.Workers, arguments.Kills - killed - dying)), servers, $"chaos-{number++}");
    }

    /// <summary>A worker that nobody disturbs scores what is left, and leaves in good order.</summary>
    private static async Task FinishAsync(
        ChaosServers servers, string run, WorkerProgram worker, OffsetRange[] ranges, CancellationToken cancellation)
    {
        await using RedisStateStore store = await servers.StoreAsync(run, cancellation);
        using var watched = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        watched.CancelAfter(Patience * 2);
        try
        {
            await new ReplayWatch(store, ranges.Length, TimeProvider.System).WaitAsync(ranges, _ => { }, watched.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CampaignException($"the {run} run did not end:\n{worker.Errors}");
        }
        worker.Terminate();
        ProgramResult result = await worker.EndAsync();
        if (result.ExitCode != 0)
            throw new CampaignException($"the last worker of the {run} run ended with exit code {result.ExitCode}:\n{result.Errors}");
    }

    private async Task<CampaignResult> CompareAsync(ChaosServers servers, CancellationToken cancellation)
    {
        ScoringRules rules = PolicyLoader.Load("");
        var outcomes = new List<Outcome>();
        foreach (string run in (string[])["disturbed", "undisturbed"])
        {
            await using RedisStateStore store = await servers.StoreAsync(run, cancellation);
            await using KafkaTransitionSink sink = servers.Sink(run);
            outcomes.Add(await Outcome.ReadAsync(rules, store, sink, ChaosServers.Partitions, cancellation));
        }
        (Outcome disturbed, Outcome undisturbed) = (outcomes[0], outcomes[1]);
        Comparison comparison = Comparison.Of(undisturbed.Transitions, disturbed.Transitions);
        progress.WriteLine(
            $"{undisturbed.Transitions.Values.Sum(list => list.Count)} transitions of {undisturbed.Transitions.Count} customers; ids repeated {disturbed.RepeatedIds}; "
            + $"digest {disturbed.Digest}; conservation {(disturbed.IsConserved ? "holds" : "broken")}");
        if (!disturbed.IsConserved || !disturbed.Counters.SequenceEqual(undisturbed.Counters))
            throw new CampaignException($"counters differ: {string.Join("; ", disturbed.Counters)} and {string.Join("; ", undisturbed.Counters)}");
        return new CampaignResult(killed, comparison with { Twice = comparison.Twice + disturbed.RepeatedIds }, disturbed.Digest == undisturbed.Digest);
    }

    /// <summary>The test broker forgets its oldest records beyond 5 MiB a partition; then nothing could be compared.</summary>
    private static async Task<OffsetRange[]> RangesAsync(KafkaLogWriter writer, CancellationToken cancellation)
    {
        var ranges = new OffsetRange[ChaosServers.Partitions];
        for (int partition = 0; partition < ranges.Length; partition++)
        {
            ranges[partition] = await writer.GetOffsetsAsync(partition, cancellation);
            if (ranges[partition].Low != 0)
                throw new CampaignException($"the broker has forgotten the first {ranges[partition].Low} records of partition {partition}; take a smaller file");
        }
        return ranges;
    }
}
