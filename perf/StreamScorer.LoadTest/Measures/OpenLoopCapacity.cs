using System.Diagnostics;
using StreamScorer.LoadTest.Load;
using StreamScorer.LoadTest.Subjects;

namespace StreamScorer.LoadTest.Measures;

/// <summary>
/// The highest rate of an open loop that a subject holds while feeder and reader share the machine with it. Less than from a backlog also for its batches, which are as
/// small as the rate leaves them and cost more an event.
/// </summary>
internal static class OpenLoopCapacity
{
    private const int Looks = 6;
    private static readonly TimeSpan lookLength = TimeSpan.FromSeconds(1.5), behindMost = TimeSpan.FromMilliseconds(50), patience = TimeSpan.FromMinutes(1);

    /// <summary>Bisection, which takes about 15 seconds.</summary>
    /// <param name="subject">Who takes the events.</param>
    /// <param name="feeder">Who sends them.</param>
    /// <param name="most">A rate that it cannot hold, events a second.</param>
    /// <returns>Events a second.</returns>
    public static async Task<double> FindAsync(Subject subject, Feeder feeder, double most)
    {
        double held = 0, lost = most;
        await HoldsAsync(subject, feeder, most / 4);
        for (int look = 0; look < Looks; look++)
        {
            double rate = (held + lost) / 2;
            // Once more, because something else on the machine can be the reason.
            if (await HoldsAsync(subject, feeder, rate) || await HoldsAsync(subject, feeder, rate))
                held = rate;
            else
                lost = rate;
        }
        return held;
    }

    // Whether the last event is committed soon after it was due: what is a hundredth too fast is 15 ms late by then.
    private static async Task<bool> HoldsAsync(Subject subject, Feeder feeder, double eventsPerSecond)
    {
        long startTicks = Stopwatch.GetTimestamp();
        bool isSent = await feeder.SendAtRateAsync(subject, eventsPerSecond, lookLength);
        await subject.HasAsync(feeder.Sent, patience);
        return isSent && Stopwatch.GetElapsedTime(startTicks) - lookLength < behindMost;
    }
}
