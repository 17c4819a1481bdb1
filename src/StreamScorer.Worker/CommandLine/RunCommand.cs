using System.CommandLine;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer run</c>, also what happens without a command: the worker and its web surface, until SIGTERM or SIGINT.</summary>
internal static class RunCommand
{
    private static readonly Option<bool> untilInputCloses = new(ConfigurationFlags.UntilInputClosesFlag)
    {
        Description = "Stop in good order when standard input closes too: for programs that start workers and must not leave any behind",
    };

    private static readonly Option<bool> acceptGap = new("--accept-gap")
    {
        Description = "Go on although records between the stored offset and the input are missing: they are given up",
    };

    private static readonly Option<bool> rebuild = new("--rebuild")
    {
        Description = "Empty the state and build it anew from the whole input, publishing nothing that was published before; give it to one worker only, once",
    };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var command = new Command("run", "Score the stream and serve the web surface (the default). Without configuration: standalone, with a demo stream.")
        {
            untilInputCloses, acceptGap, rebuild,
        };
        command.SetAction((parsed, cancellation) => parsed.GetValue(untilInputCloses)
            ? InputClose.RunUntilAsync(stop => WorkerHost.RunAsync(() => Load(flags, parsed), stop))
            : WorkerHost.RunAsync(() => Load(flags, parsed), cancellation));
        return command;
    }

    private static StreamScorerOptions Load(ConfigurationFlags flags, ParseResult parsed)
    {
        StreamScorerOptions options = flags.Load(parsed);
        return options with
        {
            Engine = options.Engine with
            {
                AcceptGap = options.Engine.AcceptGap || parsed.GetValue(acceptGap),
                Rebuild = options.Engine.Rebuild || parsed.GetValue(rebuild),
            },
        };
    }
}
