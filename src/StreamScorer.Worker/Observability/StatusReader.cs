using StreamScorer.Engine;
using StreamScorer.Worker.Hosting;
using StreamScorer.Worker.Observability.Health;

namespace StreamScorer.Worker.Observability;

/// <summary>Builds the <see cref="StatusReport"/>. The rate is over samples that the health monitor takes once a second.</summary>
internal sealed class StatusReader(StreamEngine engine, EngineState state, LatencyWindow latencies, TimeProvider time)
{
    private const int SamplesMax = 11;

    private readonly DateTime startedAt = time.GetUtcNow().UtcDateTime;
    private readonly Lock gate = new();
    private readonly Queue<(long AtUnixMs, long Consumed)> samples = new();

    /// <summary>Takes a sample.</summary>
    public void Sample(EngineSnapshot snapshot)
    {
        lock (gate)
        {
            samples.Enqueue((snapshot.NowUnixMs, Consumed(snapshot)));
            if (samples.Count > SamplesMax)
                samples.Dequeue();
        }
    }

    /// <summary>The report as of now.</summary>
    /// <param name="ready">The last look at the worker's readiness.</param>
    public StatusReport Read(HealthReport ready)
    {
        EngineSnapshot s = state.Snapshot(engine.Positions);
        double rate;
        lock (gate)
            rate = Rate_NeedsLock();
        (PartitionTotals Totals, long Records)[] lags = [.. s.Lags];
        return new StatusReport(
            ClientOptions.Version, startedAt, ready.IsOk, [.. ready.Checks.Where(check => !check.Ok).Select(check => $"{check.Name}: {check.Detail}")],
            new PartitionStatus(s.Positions.Count, s.Loaded.Count(), engine.PartitionCount),
            Math.Round(rate, 1),
            Consumed(s),
            lags.Sum(lag => lag.Records),
            lags.Select(lag => s.LagSeconds(lag.Totals, lag.Records)).DefaultIfEmpty(0).Max(),
            Latency(),
            s.Partitions.Sum(totals => totals.Counters.DeadLettered),
            s.Loaded.Sum(totals => (long)totals.Customers),
            s.Positions.Sum(position => (long)position.OutboxLength));
    }

    private static long Consumed(EngineSnapshot s) => s.Partitions.Sum(totals => totals.Counters.Consumed);

    private double Rate_NeedsLock()
    {
        if (samples.Count < 2)
            return 0;
        (long fromMs, long from) = samples.Peek();
        (long toMs, long to) = samples.Last();
        return toMs > fromMs ? (to - from) * 1000.0 / (toMs - fromMs) : 0;
    }

    private LatencyStatus? Latency()
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return latencies.Quantile(0.5, now) is double p50 && latencies.Quantile(0.99, now) is double p99 ? new LatencyStatus(p50, p99) : null;
    }
}
