namespace StreamScorer.Worker.CommandLine;

/// <summary>What the process tells the shell. Part of the interface: scripts depend on the numbers.</summary>
public static class ExitCode
{
    /// <summary>Done, or stopped in good order by SIGTERM or SIGINT.</summary>
    public const int Ok = 0;

    /// <summary>Failed; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line, the configuration or an input file cannot be used; standard error names the fix.</summary>
    public const int Usage = 2;

    /// <summary>There is no such customer.</summary>
    public const int NotFound = 3;

    /// <summary>The broker or the store cannot be reached, or refuses.</summary>
    public const int Unavailable = 4;

    /// <summary>Interrupted before the end.</summary>
    public const int Interrupted = 130;

    /// <summary>The table for <c>--help</c>.</summary>
    public const string Help = """
        Exit codes:
          0    done, or stopped in good order by SIGTERM or SIGINT
          1    failed
          2    the command line, the configuration or an input file cannot be used
          3    no such customer
          4    the broker or the store cannot be reached, or refuses
          130  interrupted before the end
        """;
}
