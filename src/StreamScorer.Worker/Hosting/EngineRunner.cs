using StreamScorer.Engine;

namespace StreamScorer.Worker.Hosting;

/// <summary>Runs an engine and tells it the time: the only place below which no clock is read.</summary>
internal static class EngineRunner
{
    // How late silence is noticed, and how often a sweep takes a slice: the longer, the more of them an event finds before it.
    private static readonly TimeSpan tickInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>Runs until <paramref name="stopping"/>, then until the engine has drained, committed and left.</summary>
    public static async Task RunAsync(StreamEngine engine, TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(tickInterval, time);
        Task running = Task.Run(() => engine.RunAsync(Now(time), stopping), CancellationToken.None);
        Task ticking = TickAsync(engine, timer, time);
        try
        {
            await running;
        }
        finally
        {
            // Ends the ticking only now: an engine that drains still needs the time.
            timer.Dispose();
            await ticking;
        }
    }

    private static async Task TickAsync(StreamEngine engine, PeriodicTimer timer, TimeProvider time)
    {
        while (await timer.WaitForNextTickAsync())
            engine.Tick(Now(time));
    }

    private static long Now(TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();
}
