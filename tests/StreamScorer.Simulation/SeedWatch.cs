using System.Collections.Concurrent;
using System.Diagnostics;

namespace StreamScorer.Simulation;

/// <summary>
/// Which seeds run, and since when. A loop that awaits nothing stops virtual time, and with it every count of steps: only the wall clock tells that such a run does not end.
/// </summary>
internal sealed class SeedWatch
{
    private readonly ConcurrentDictionary<int, long> begunAt = [];

    /// <summary>Runs one seed.</summary>
    public T Run<T>(int seed, Func<int, T> run)
    {
        begunAt[seed] = Stopwatch.GetTimestamp();
        try
        {
            return run(seed);
        }
        finally
        {
            begunAt.TryRemove(seed, out _);
        }
    }

    /// <summary>The seeds that have been running for so long, or longer.</summary>
    public IReadOnlyList<int> RunningFor(TimeSpan atLeast) =>
        [.. begunAt.Where(seed => Stopwatch.GetElapsedTime(seed.Value) >= atLeast).Select(seed => seed.Key).Order()];
}
