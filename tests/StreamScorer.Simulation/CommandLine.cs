using System.Globalization;
using StreamScorer.Simulation.World;

namespace StreamScorer.Simulation;

/// <summary><c>--seeds N</c> runs a campaign; <c>--seed S</c> replays one seed with a trace, or with both begins the campaign there.</summary>
internal static class CommandLine
{
    private const string Usage = "usage: --seeds N (a campaign over N seeds, from 1 or from --seed S) or --seed S (one seed, with a trace)";

    /// <summary>Exit code 0 when nothing was found wrong and every canary was found.</summary>
    public static int Run(string[] args, TextWriter output)
    {
        int? seed = Number(args, "--seed");
        if (Number(args, "--seeds") is { } seeds and > 0)
            return Campaign.Run(seed ?? 1, seeds, output) ? 0 : 1;
        if (seed is { } one)
            return Replay(one, output);
        output.WriteLine(Usage);
        return 2;
    }

    private static int Replay(int seed, TextWriter output)
    {
        int line = 0;
        RunResult result = SimulatedRun.Run(new Scenario(seed), trace: text => output.WriteLine($"{++line,5} {text}"));
        foreach ((string oracle, string what) in result.Findings)
            output.WriteLine($"VIOLATION {oracle}: {what}");
        return result.Findings.Count == 0 ? 0 : 1;
    }

    private static int? Number(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length && int.TryParse(args[at + 1], CultureInfo.InvariantCulture, out int number) ? number : null;
    }
}
