using System.Diagnostics;
using StreamScorer.LoadTest.Subjects;

namespace StreamScorer.LoadTest.Measures;

/// <summary>How fast a subject drained a backlog.</summary>
/// <param name="Subject">Its name.</param>
/// <param name="EventsPerSecond">Finished events a second, behind the warm-up.</param>
/// <param name="CpuMicrosPerEvent">Processor time per event by process name, microseconds.</param>
internal sealed record Throughput(string Subject, double EventsPerSecond, IReadOnlyDictionary<string, double> CpuMicrosPerEvent)
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(3);

    /// <summary>Measures from <paramref name="from"/> finished events to <paramref name="to"/>, or for <paramref name="most"/> of time when that is sooner.</summary>
    public static async Task<Throughput> MeasureAsync(Subject subject, LoadServers servers, long from, long to, TimeSpan most)
    {
        (string Name, int ProcessId)[] processes = [(subject.Name, subject.ProcessId), .. servers.Processes];
        long first = await subject.HasAsync(from, patience);
        var cpu = new CpuUse(processes);
        long start = Stopwatch.GetTimestamp(), last = first;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (last < to && Stopwatch.GetElapsedTime(start) < most && await look.WaitForNextTickAsync())
            last = await subject.ProgressAsync();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Throughput(subject.Name, (last - first) / seconds, cpu.MicrosPer(last - first));
    }
}
