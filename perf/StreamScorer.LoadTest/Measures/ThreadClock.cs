using System.Runtime.InteropServices;

namespace StreamScorer.LoadTest.Measures;

/// <summary>Processor time of the calling thread: what a core spends on it, whoever else the machine is busy with.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Seconds used so far.</summary>
    public static double Seconds => clock_gettime(ThreadCpuTime, out TimeSpec now) == 0
        ? now.Seconds + now.Nanoseconds * 1e-9
        : throw new InvalidOperationException("the system does not tell a thread's processor time");

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    private readonly struct TimeSpec
    {
        public readonly long Seconds, Nanoseconds;
    }
}
