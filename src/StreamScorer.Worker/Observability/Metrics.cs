using System.Diagnostics;
using System.Diagnostics.Metrics;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Observability;

/// <summary>
/// Every metric of the worker, as instruments of the meter <see cref="MeterName"/>: read by <c>/metrics</c>, by OpenTelemetry and by any other reader of
/// <see cref="Meter"/>. Labels are partitions, reasons, outcomes, schemes and tiers: all bounded, and never a customer.
/// </summary>
internal sealed class Metrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "StreamScorer";

    // Half a millisecond to a minute, about three steps a decade: what a commit or a publication takes, from a local file to a broker in trouble.
    private static readonly double[] durationBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    private static readonly double[] latenessBounds = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600, 86_400];
    private static readonly int[] sizeBounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

    // Only a reader that leaves the first instrument out ever sees numbers as old as this.
    private const long SnapshotAgeMaxMs = 10_000;

    private readonly Meter meter = new(MeterName, ClientOptions.Version);
    private readonly EngineState state;
    private readonly StreamEngine engine;
    private readonly ScoringRules rules;
    private readonly TimeProvider time;

    // A reader observes all instruments one after the other on one thread, in the order of their creation: what the first one takes serves the others.
    private readonly ThreadLocal<EngineSnapshot?> snapshot = new();

    /// <param name="state">What the engine has reported.</param>
    /// <param name="engine">The engine, for what moves between reports.</param>
    /// <param name="rules">Names of schemes and tiers.</param>
    /// <param name="durations">Receives its histograms here.</param>
    /// <param name="time">Clock of the snapshots' age.</param>
    /// <param name="isReady">Whether the worker is ready.</param>
    public Metrics(EngineState state, StreamEngine engine, ScoringRules rules, EngineDurations durations, TimeProvider time, Func<bool> isReady)
    {
        (this.state, this.engine, this.rules, this.time) = (state, engine, rules, time);
        CreateConservation();
        CreateFlow();
        CreateHistograms(durations);
        CreateOwnership(isReady);
        CreateCustomers();
        CreateProcess();
    }

    /// <summary>The meter.</summary>
    public Meter Meter => meter;

    /// <inheritdoc/>
    public void Dispose()
    {
        meter.Dispose();
        snapshot.Dispose();
    }

    // First of all: its first instrument takes the snapshot, so that the counters of one scrape add up.
    private void CreateConservation()
    {
        meter.CreateObservableCounter("streamscorer.events.consumed", TakeSnapshotAndCount, "{event}",
            "Events committed: applied + duplicate + dead-lettered + erased");
        Events("applied", "Events that changed a customer's state", counters => counters.Applied);
        Events("duplicate", "Events recognised as repeats and ignored", counters => counters.Duplicate);
        Events("dead_lettered", "Records that could not be used", counters => counters.DeadLettered);
        Events("erased", "Erasures, and events of erased customers", counters => counters.Erased);
        Events("late", "Applied events that were older than the newest one of their customer", counters => counters.Late);
        Events("late_inexact", "Late events that were too old to find their purchase day and count as a new one", counters => counters.LateInexact);
    }

    private void CreateFlow()
    {
        Counter("streamscorer.dead_letters", "{record}", "Records that could not be used, by reason", s =>
            from reason in Enum.GetValues<RejectionReason>()
            where reason != RejectionReason.None
            select Of(s.Rejections[(int)reason], ("reason", reason.Name())));
        Counter("streamscorer.transitions", "{transition}", "Transitions and notices committed for publishing", s =>
            s.Transitions.Select(pair => Of(pair.Value, Labels(pair.Key))));
        Counter("streamscorer.published", "{record}", "Outbox entries that the output has acknowledged", s =>
            Enum.GetValues<OutboxKind>().Select(kind => Of(s.Published[(int)kind - 1], ("kind", NameOf(kind)))));
        Counter("streamscorer.commits", "{commit}", "Writes to the state store, by how they ended", s =>
            from totals in s.Touched
            from outcome in Enum.GetValues<CommitOutcome>()
            select Of(totals.Commits[(int)outcome], Partition(totals), ("outcome", NameOf(outcome))));
        Counter("streamscorer.timers.fired", "{timer}", "Deadlines of silent customers that have passed", s => Each(s.Touched, totals => totals.TimersFired));
        Gauge("streamscorer.lag.records", "{record}", "Records of the input that are not committed yet", s =>
            s.Lags.Select(lag => Of(lag.Records, Partition(lag.Totals))));
        Gauge("streamscorer.lag.time", "s", "Age of the last committed record while others wait; 0 when caught up", s =>
            s.Lags.Select(lag => Of(s.LagSeconds(lag.Totals, lag.Records), Partition(lag.Totals))));
        Gauge("streamscorer.outbox.length", "{entry}", "Committed outbox entries that the output has not acknowledged", s =>
            s.Positions.Select(position => Of(position.OutboxLength, ("partition", position.Partition))));
    }

    private void CreateHistograms(EngineDurations durations)
    {
        durations.BatchSize = Histogram("streamscorer.batch.size", "{record}", "Records in one commit", sizeBounds);
        durations.Commit = Histogram("streamscorer.commit.duration", "s", "Time from sending a commit to its answer", durationBounds);
        durations.PublishLatency = Histogram(
            "streamscorer.publish.latency", "s", "Time from the broker timestamp of an event to the acknowledged transition that it caused", durationBounds);
        durations.TimerLateness = Histogram(
            "streamscorer.timers.lateness", "s", "Longest time in a commit by which the partition clock had passed a deadline", latenessBounds);
    }

    private void CreateOwnership(Func<bool> isReady)
    {
        Counter("streamscorer.claims", "{claim}", "Attempts to take a partition over", s => s.Touched.SelectMany(totals => new[]
        {
            Of(totals.Claims, Partition(totals), ("result", "claimed")), Of(totals.ClaimFailures, Partition(totals), ("result", "failed")),
        }));
        Counter("streamscorer.fences", "{fence}", "Commits refused because another worker owns the partition", s =>
            Each(s.Touched, totals => totals.Commits[(int)CommitOutcome.Fenced]));
        Counter("streamscorer.reconnects", "{reconnect}", "Partitions taken over again after the store had not answered or not applied a commit", s =>
            Each(s.Touched, totals => totals.Reconnects));
        Gauge("streamscorer.partitions.input", "{partition}", "Partitions of the input", s => Of(s.Partitions.Count));
        Gauge("streamscorer.partitions.owned", "{partition}", "Partitions assigned to this worker", s => Of(s.Positions.Count));
        Gauge("streamscorer.partitions.loaded", "{partition}", "Partitions that this worker processes", s => Of(s.Loaded.Count()));
        Gauge("streamscorer.ready", null, "1 when /health/ready answers 200", _ => Of(isReady() ? 1 : 0));
    }

    private void CreateCustomers()
    {
        Gauge("streamscorer.customers.resident", "{customer}", "Customers in memory", s => Each(s.Loaded, totals => totals.Customers));
        Gauge("streamscorer.customers.in_tier", "{customer}", "Customers in memory by scheme and tier", InTiers);
        Gauge("streamscorer.timers.pending", "{timer}", "Deadlines armed", s => Each(s.Loaded, totals => totals.TimersPending));
        Gauge("streamscorer.population.age", "s", "Time since other workers' part of the population was read", s =>
            Of(Math.Max(0, s.NowUnixMs - s.PopulationReadMs) / 1000.0));
        meter.CreateObservableCounter("streamscorer.model.purchases.expected", () => Each(Current.Touched, totals => totals.ExpectedPurchases), "{purchase_day}",
            "Repeat purchase days that the model expected, in event time");
        Counter("streamscorer.model.purchases.observed", "{purchase_day}", "Repeat purchase days that came, in event time", s =>
            Each(s.Touched, totals => totals.ObservedPurchases));
    }

    private void CreateProcess()
    {
        Gauge("streamscorer.build.info", null, "1, labelled with the version", _ => Of(1, ("version", ClientOptions.Version)));
        double startSeconds = new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000.0;
        Gauge("process.start_time", "s", "Start of the process, seconds since 1970-01-01", _ => Of(startSeconds));
        Gauge("process.open_fds", "{file_descriptor}", "Open file descriptors", _ => Of(Directory.GetFileSystemEntries("/proc/self/fd").Length));
    }

    private EngineSnapshot Current
    {
        get
        {
            EngineSnapshot? held = snapshot.Value;
            if (held is null || held.NowUnixMs + SnapshotAgeMaxMs < time.GetUtcNow().ToUnixTimeMilliseconds())
                snapshot.Value = held = state.Snapshot(engine.Positions);
            return held;
        }
    }

    private IEnumerable<Measurement<long>> TakeSnapshotAndCount()
    {
        snapshot.Value = null;
        return Each(Current.Touched, totals => totals.Counters.Consumed);
    }

    private IEnumerable<Measurement<int>> InTiers(EngineSnapshot s)
    {
        int[] sums = s.Loaded.Aggregate(Array.Empty<int>(), (sum, totals) => sum.Length == 0 ? [.. totals.Tiers] : [.. sum.Zip(totals.Tiers, (a, b) => a + b)]);
        return rules.Schemes
            .SelectMany(scheme => Enumerable.Range(0, scheme.Tiers.Count + 1).Select(tier => (scheme, tier)))
            .Zip(sums, (row, count) => Of(count, ("scheme", row.scheme.Name), ("tier", row.scheme.TierName(row.tier))));
    }

    private (string, object?)[] Labels(TransitionKind kind)
    {
        TierScheme scheme = rules.Schemes.First(s => s.Id == kind.Scheme);
        return
        [
            ("scheme", scheme.Name), ("from", scheme.TierName(kind.From)), ("to", scheme.TierName(kind.To)),
            ("direction", OutboxFormatter.DirectionName(kind.Direction)), ("cause", OutboxFormatter.CauseName(kind.Cause)),
        ];
    }

    private void Events(string name, string description, Func<PartitionCounters, long> value) =>
        Counter("streamscorer.events." + name, "{event}", description, s => Each(s.Touched, totals => value(totals.Counters)));

    private void Counter(string name, string unit, string description, Func<EngineSnapshot, IEnumerable<Measurement<long>>> values) =>
        meter.CreateObservableCounter(name, () => values(Current), unit, description);

    private void Gauge<T>(string name, string? unit, string description, Func<EngineSnapshot, IEnumerable<Measurement<T>>> values) where T : struct =>
        meter.CreateObservableGauge(name, () => values(Current), unit, description);

    private void Gauge<T>(string name, string? unit, string description, Func<EngineSnapshot, Measurement<T>> value) where T : struct =>
        meter.CreateObservableGauge(name, () => value(Current), unit, description);

    private Histogram<T> Histogram<T>(string name, string unit, string description, T[] bounds) where T : struct =>
        meter.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<T> { HistogramBucketBoundaries = bounds });

    private static IEnumerable<Measurement<T>> Each<T>(IEnumerable<PartitionTotals> partitions, Func<PartitionTotals, T> value) where T : struct =>
        partitions.Select(totals => Of(value(totals), Partition(totals)));

    private static (string, object?) Partition(PartitionTotals totals) => ("partition", totals.Partition);

    private static Measurement<T> Of<T>(T value, params (string Name, object? Value)[] labels) where T : struct =>
        new(value, labels.Select(label => new KeyValuePair<string, object?>(label.Name, label.Value)));

    private static string NameOf(CommitOutcome outcome) => outcome switch
    {
        CommitOutcome.Applied => "applied",
        CommitOutcome.Fenced => "fenced",
        CommitOutcome.Stale => "stale",
        CommitOutcome.StoreLost => "store_lost",
        _ => "unknown",
    };

    private static string NameOf(OutboxKind kind) => kind switch
    {
        OutboxKind.Transition => "transition",
        OutboxKind.DeadLetter => "dead_letter",
        _ => "tombstone",
    };
}
