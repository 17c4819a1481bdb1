using System.Diagnostics;

namespace StreamScorer.EndToEnd.Faults;

/// <summary>Waits for what another process does.</summary>
internal static class Until
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(20);

    /// <summary>Completes when the condition is true; fails with <paramref name="explanation"/> after a minute.</summary>
    public static Task TrueAsync(Func<bool> condition, string what, Func<string> explanation) =>
        TrueAsync(() => Task.FromResult(condition()), what, explanation);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string, Func{string})"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, Func<string> explanation)
    {
        long start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(look);
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < patience, $"did not {what} within {patience.TotalSeconds} s:\n{explanation()}");
            await timer.WaitForNextTickAsync();
        }
    }
}
