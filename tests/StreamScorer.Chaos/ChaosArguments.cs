namespace StreamScorer.Chaos;

/// <summary>The command line.</summary>
/// <param name="Kills">Workers to kill.</param>
/// <param name="Seed">What the instants, the failpoints and their order are drawn from.</param>
/// <param name="Workers">Most workers at a time.</param>
/// <param name="File">Transactions to feed; null = the shared data, or invented ones where there is none.</param>
internal sealed record ChaosArguments(int Kills, int Seed, int Workers, string? File)
{
    /// <summary>How to call it.</summary>
    public const string Usage = """
        Kills real workers on a Kafka broker and a Redis server while they score a file, then compares with an undisturbed run.

        usage: --kills N [--seed S] [--workers N] [--file FILE]

          --kills N     workers to kill with -9, at random instants and at every failpoint (1 to 100000)
          --seed S      repeats the same choices; instants still depend on the machine (default 1)
          --workers N   most workers at a time (1 to 8, default 3)
          --file FILE   CSV or NDJSON of transactions in the order of time (default: the shared retail data, or invented customers)

        Ends with 'kills N, missing N, twice N, out of order N, digest equal|different'. Exit code 0 when nothing is missing, twice or out of order and
        the digests are equal; 1 when not; 2 when the campaign could not be run.
        """;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">The message names the argument, its value and what is allowed.</exception>
    public static ChaosArguments Parse(string[] args)
    {
        var arguments = new ChaosArguments(Kills: 0, Seed: 1, Workers: 3, File: null);
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} needs a value; --help shows the usage");
            arguments = args[i] switch
            {
                "--kills" => arguments with { Kills = Number(args[i], value, 1, 100_000) },
                "--seed" => arguments with { Seed = Number(args[i], value, 0, int.MaxValue) },
                "--workers" => arguments with { Workers = Number(args[i], value, 1, 8) },
                "--file" => arguments with { File = value },
                _ => throw new FormatException($"'{args[i]}' is not known; --help shows the usage"),
            };
        }
        return arguments.Kills > 0 ? arguments : throw new FormatException("--kills is missing; --help shows the usage");
    }

    private static int Number(string argument, string text, int least, int most) =>
        int.TryParse(text, out int value) && value >= least && value <= most
            ? value
            : throw new FormatException($"{argument} '{text}': must be a number from {least} to {most}");
}
