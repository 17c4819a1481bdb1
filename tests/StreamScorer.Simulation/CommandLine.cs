using System.Globalization;
using StreamScorer.Simulation.World;

namespace StreamScorer.Simulation;

/// <summary><c>--seeds N</c> runs a campaign; <c>--seed S</c> replays one seed with a trace, or with both begins the campaign there.</summary>
internal static class CommandLine
{
    private const string Usage = "usage: --seeds N (campaign over seeds 1 to N) or --seed S (one seed, with a trace)";

    /// <summary>Exit code 0 when nothing was found wrong and every canary was found.</summary>
    public static int Run(string[] args, TextWriter output)
    {
        if (Number(args, "--seed") is { } seed)
            return Replay(seed, output);
        if (Number(args, "--seeds") is { } seeds and > 0)
            return Campaign.Run(seeds, output) ? 0 : 1;
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
