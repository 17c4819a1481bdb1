namespace StreamScorer.LoadTest.Measures;

/// <summary>Processor time of some processes from its creation on.</summary>
internal sealed class CpuUse(IReadOnlyList<(string Name, int ProcessId)> processes)
{
    private readonly double[] before = [.. processes.Select(process => ProcessFigures.CpuSeconds(process.ProcessId))];

    /// <summary>Microseconds for each of so many events until now, by process.</summary>
    public IReadOnlyDictionary<string, double> MicrosPer(long events) => processes
        .Select((process, i) => (process.Name, Micros: Math.Round((ProcessFigures.CpuSeconds(process.ProcessId) - before[i]) * 1e6 / events, 2)))
        .ToDictionary(pair => pair.Name, pair => pair.Micros);
}
