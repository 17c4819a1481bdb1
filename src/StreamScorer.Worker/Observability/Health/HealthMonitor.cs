using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Observability.Health;

/// <summary>
/// Looks at the worker once a second, so that a question about its health waits for nothing. Live: the loops turn, whatever the servers do. Ready: it owns
/// partitions, has loaded them, is near the end of the input and its servers answer. Started: it has been loaded once.
/// </summary>
internal sealed class HealthMonitor(
    StreamEngine engine, EngineState state, StatusReader status, IEventSource source, IStateStore store, HealthSettings settings, TimeProvider time) : BackgroundService
{
    // The host ticks forty times a second; a process that has not for this long is stuck, not slow.
    private const long TickAgeMaxMs = 10_000;

    // A fold is milliseconds of pure computation.
    private const long FoldMaxMs = 60_000;

    private static readonly TimeSpan interval = TimeSpan.FromSeconds(1);

    private readonly Probe storeProbe = new("store", async () => await store.ReadMetaAsync(0, CancellationToken.None), settings.ProbeTimeout, time);
    private readonly Probe brokerProbe = new("broker", async () => await source.GetOffsetsAsync(0, CancellationToken.None), settings.ProbeTimeout, time);
    private HealthReport ready = new([new HealthCheck("partitions", false, "starting")]);
    private volatile bool hasStarted;

    /// <summary>Readiness as of the last look.</summary>
    public HealthReport Ready => Volatile.Read(ref ready);

    /// <summary>Liveness now.</summary>
    public HealthReport Live()
    {
        long tick = engine.LastTickUnixMs, now = time.GetUtcNow().ToUnixTimeMilliseconds();
        PartitionPosition[] stuck = [.. engine.Positions.Where(position => position.FoldingSinceMs > 0 && now - position.FoldingSinceMs > FoldMaxMs)];
        return new HealthReport(
        [
            new("ticks", tick == 0 || now - tick <= TickAgeMaxMs, tick == 0 ? "the engine is connecting" : $"last tick {now - tick} ms ago"),
            new("folds", stuck.Length == 0, stuck.Length == 0 ? "no fold takes long" : $"partition {stuck[0].Partition} folds since {now - stuck[0].FoldingSinceMs} ms"),
        ]);
    }

    /// <summary>Whether the worker has ever been loaded.</summary>
    public HealthReport Started() =>
        new([new HealthCheck("loaded", hasStarted, hasStarted ? "all partitions of the first assignment were loaded" : "partitions are being assigned and loaded")]);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            Volatile.Write(ref ready, await LookAsync());
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<HealthReport> LookAsync()
    {
        EngineSnapshot s = state.Snapshot(engine.Positions);
        status.Sample(s);
        int owned = s.Positions.Count, loaded = s.Loaded.Count();
        hasStarted |= owned > 0 && loaded == owned;
        int paused = s.Positions.Count(position => position.PausedSinceMs != 0);
        double lagSeconds = s.Lags.Select(lag => s.LagSeconds(lag.Totals, lag.Records)).DefaultIfEmpty(0).Max();
        HealthCheck[] servers = await Task.WhenAll(storeProbe.RunAsync(), brokerProbe.RunAsync());
        return new HealthReport(
        [
            new("partitions", owned > 0, $"{owned} of {engine.PartitionCount} are assigned to this worker"),
            new("loaded", loaded == owned, $"{loaded} of {owned} are loaded"),
            new("dead-letters", paused == 0, paused == 0 ? "no partition pauses" : $"{paused} of {owned} pause: too many of their records cannot be used"),
            new("lag", lagSeconds <= settings.LagMax.TotalSeconds, $"{lagSeconds:F1} s behind the input, allowed are {settings.LagMax.TotalSeconds:F0} s"),
            .. servers,
        ]);
    }
}
