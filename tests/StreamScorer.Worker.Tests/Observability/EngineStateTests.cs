using System.Diagnostics.Metrics;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Processing;
using StreamScorer.Scoring.Policy;
using StreamScorer.Testing.Log;
using StreamScorer.Testing.State;
using StreamScorer.Worker.Observability;
using StreamScorer.Worker.Observability.Prometheus;

namespace StreamScorer.Worker.Tests.Observability;

/// <summary>What is added up from the engine's reports, and what a reader of the meter sees of it.</summary>
public sealed class EngineStateTests : IAsyncDisposable
{
    private static readonly ScoringRules rules = new(new ScoringPolicy());
    private readonly EngineState state = new(2, TimeProvider.System);
    private readonly EngineDurations durations = new(2, TimeProvider.System, new LatencyWindow());
    private readonly BatchTally tally = new();
    private readonly TierCensus census = new(rules);
    private readonly ModelCalibration calibration = new(rules);
    private readonly InMemoryLogMember member = new InMemoryEventLog(2).Connect();
    private readonly IEngineObserver observer;
    private readonly Metrics metrics;

    public EngineStateTests()
    {
        observer = new ObserverChain(state, durations, new Tracing(2, TimeProvider.System));
        var engine = new StreamEngine(member, new InMemoryStateStore(), member, rules, new EngineOptions(), state);
        metrics = new Metrics(state, engine, rules, durations, TimeProvider.System, () => true);
    }

    public async ValueTask DisposeAsync()
    {
        metrics.Dispose();
        await member.DisposeAsync();
    }

    [Fact]
    public async Task Counters_add_up_at_every_scrape_while_commits_go_on()
    {
        using var collector = new MetricCollector(TimeProvider.System, IsOurs);
        state.TakenOver(0, 0, 0);
        var counters = default(PartitionCounters);
        using var ended = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task committing = Task.Run(() =>
        {
            while (!ended.IsCancellationRequested)
            {
                counters = Commit(counters, counters with
                {
                    Consumed = counters.Consumed + 10,
                    Applied = counters.Applied + 4,
                    Duplicate = counters.Duplicate + 3,
                    DeadLettered = counters.DeadLettered + 2,
                    Erased = counters.Erased + 1,
                });
                begun.TrySetResult();
            }
        });
        await begun.Task;

        double last = 0;
        for (int scrape = 0; scrape < 200; scrape++)
        {
            Dictionary<string, double> seen = Scrape(collector);
            double consumed = seen["streamscorer_events_consumed_total"];
            Assert.Equal(consumed, new[] { "applied", "duplicate", "dead_lettered", "erased" }.Sum(part => seen[$"streamscorer_events_{part}_total"]));
            Assert.True(consumed >= last);
            last = consumed;
        }
        await ended.CancelAsync();
        await committing;
        Assert.True(last > 0);
    }

    [Fact]
    public void A_report_of_a_takeover_counts_nothing_and_a_released_partition_keeps_its_totals()
    {
        using var collector = new MetricCollector(TimeProvider.System, IsOurs);
        state.TakenOver(0, 0, 0);
        var stored = new PartitionCounters(100, 100, 0, 0, 0, 0, 0);
        Commit(stored, stored);
        Assert.Equal(0, Scrape(collector)["streamscorer_events_consumed_total"]);

        Commit(stored, stored with { Consumed = 103, Applied = 103 });
        state.Released(0);

        Assert.Equal(3, Scrape(collector)["streamscorer_events_consumed_total"]);
    }

    [Fact]
    public void Taking_over_after_a_failure_counts_as_a_reconnect_and_the_first_time_does_not()
    {
        state.TakenOver(0, 0, 0);
        state.Committed(0, CommitOutcome.Unknown, 1);
        state.TakeoverFailed(0, "away");
        state.TakenOver(0, 0, 0);

        PartitionTotals totals = state.Snapshot([]).Partitions[0];
        Assert.Equal((2, 1, 1), (totals.Claims, totals.ClaimFailures, totals.Reconnects));
        Assert.Equal(1, totals.Commits[(int)CommitOutcome.Unknown]);
    }

    [Fact]
    public void Reporting_a_commit_allocates_nothing_once_it_has_been_seen()
    {
        using var collector = new MetricCollector(TimeProvider.System, IsOurs);
        var counters = default(PartitionCounters);
        // The least of several rounds: the runtime's own bookkeeping on this thread counts too, but not every time.
        long least = long.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1_000; i++)
                counters = Record(counters);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void A_scrape_costs_little_even_with_every_partition_and_thousands_of_series()
    {
        const int Partitions = 256;
        var wide = new EngineState(Partitions, TimeProvider.System);
        var engine = new StreamEngine(member, new InMemoryStateStore(), member, rules, new EngineOptions(), wide);
        using var wideMetrics = new Metrics(wide, engine, rules, new EngineDurations(Partitions, TimeProvider.System, new LatencyWindow()), TimeProvider.System, () => true);
        using var collector = new MetricCollector(TimeProvider.System, instrument => instrument.Meter == wideMetrics.Meter);
        for (int partition = 0; partition < Partitions; partition++)
            wide.TakenOver(partition, 0, 0);
        Lines(collector);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int lines = Lines(collector).Length;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(lines, 4_500, 10_000);
        Assert.InRange(allocated / lines, 0, 2_000);
    }

    [Fact]
    public void The_labels_of_all_metrics_are_bounded_by_the_policy_and_the_partitions()
    {
        // Every published change between any two tiers, by every cause: more than can happen.
        long transitions = rules.Schemes.Sum(scheme => (scheme.Tiers.Count + 1L) * (scheme.Tiers.Count + 1) * 4);
        Assert.InRange(transitions, 1, Family.SeriesMax);
    }

    private bool IsOurs(Instrument instrument) => instrument.Meter == metrics.Meter;

    private PartitionCounters Record(PartitionCounters counters)
    {
        observer.BatchStarting(0);
        observer.CommitStarting(0);
        observer.Committed(0, CommitOutcome.Applied, 10);
        return Commit(counters, counters with { Consumed = counters.Consumed + 10, Applied = counters.Applied + 10 });
    }

    private PartitionCounters Commit(PartitionCounters before, PartitionCounters after)
    {
        var report = new PartitionReport
        {
            Partition = 0,
            Before = before,
            Meta = PartitionMeta.Empty with { Counters = after },
            Records = 1,
            Customers = 1,
            TimersPending = 0,
            Batch = tally,
            Tiers = census,
            Calibration = calibration,
        };
        observer.Reported(in report);
        return after;
    }

    private static string[] Lines(MetricCollector collector)
    {
        var text = new StringWriter();
        collector.Write(ExpositionFormat.Prometheus, text);
        return text.ToString().Split('\n');
    }

    private static Dictionary<string, double> Scrape(MetricCollector collector)
    {
        return Lines(collector).Where(line => line.StartsWith("streamscorer_events_", StringComparison.Ordinal))
            .ToDictionary(line => line[..line.IndexOf('{', StringComparison.Ordinal)], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }
}
