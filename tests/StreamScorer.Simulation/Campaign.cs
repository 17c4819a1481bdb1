using System.Diagnostics;
using StreamScorer.Simulation.Canaries;
using StreamScorer.Simulation.World;

namespace StreamScorer.Simulation;

/// <summary>Many seeds, and for every canary as many as it takes to find it.</summary>
internal static class Campaign
{
    private const int CanarySeedsMax = 2_000;
    // A run takes some 30 ms.
    private static readonly TimeSpan runMax = TimeSpan.FromMinutes(2), lookEvery = TimeSpan.FromSeconds(10);

    /// <summary>True when nothing was found wrong and every canary was found.</summary>
    public static bool Run(int first, int seeds, TextWriter output)
    {
        long began = Stopwatch.GetTimestamp();
        int violations = 0;
        var watch = new SeedWatch();
        using var looks = new Timer(_ => EndIfStuck(watch, output), null, lookEvery, lookEvery);
        var threads = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(first, first + seeds, threads, seed =>
        {
            RunResult result = watch.Run(seed, s => SimulatedRun.Run(new Scenario(s)));
            if (result.Findings.Count == 0)
                return;
            Interlocked.Increment(ref violations);
            lock (output)
                Report(result, output);
        });
        double minutes = Stopwatch.GetElapsedTime(began).TotalMinutes;
        Canary[] canaries = [.. Enum.GetValues<Canary>().Where(c => c != Canary.None)];
        int found = canaries.Count(canary => Find(canary, output));
        output.WriteLine($"seeds {seeds}, violations {violations}, canaries found {found} of {canaries.Length}, seeds per minute {seeds / minutes:F0}");
        return violations == 0 && found == canaries.Length;
    }

    /// <summary>Runs seeds with the bug until the oracle sees it.</summary>
    public static bool Find(Canary canary, TextWriter output)
    {
        // Entries are counted wrong only where their numbers have a gap, which a store that goes back leaves, and are missed only by a worker that starts anew.
        Fault wanted = canary == Canary.TrimsByCount ? Fault.StoreRollback | Fault.OutputAway | Fault.Kill : Fault.None;
        for (int seed = 1; seed <= CanarySeedsMax; seed++)
        {
            RunResult result = SimulatedRun.Run(new Scenario(seed, wanted), canary);
            // What goes wrong without the bug too says nothing about it.
            if (result.Findings.Count == 0 || SimulatedRun.Run(new Scenario(seed, wanted)).Findings.Count > 0)
                continue;
            output.WriteLine($"canary {canary}: found at seed {seed} by {result.Findings[0].Oracle}: {result.Findings[0].What}");
            return true;
        }
        output.WriteLine($"canary {canary}: NOT FOUND in {CanarySeedsMax} seeds");
        return false;
    }

    private static void Report(RunResult result, TextWriter output)
    {
        output.WriteLine(result.Scenario);
        foreach ((string oracle, string what) in result.Findings)
            output.WriteLine($"  VIOLATION {oracle}: {what}");
        output.WriteLine(Again(result.Scenario.Seed));
    }

    // Nothing stops a thread in a loop of its own, so the process ends with it.
    private static void EndIfStuck(SeedWatch watch, TextWriter output)
    {
        IReadOnlyList<int> stuck = watch.RunningFor(runMax);
        if (stuck.Count == 0)
            return;
        lock (output)
        {
            foreach (int seed in stuck)
                output.WriteLine($"seed {seed}\n  VIOLATION progress: it has not ended for {runMax.TotalMinutes} minutes\n{Again(seed)}");
            output.Flush();
            Environment.Exit(1);
        }
    }

    private static string Again(int seed) => $"  replay: dotnet run -c Release --project tests/StreamScorer.Simulation -- --seed {seed}";
}
