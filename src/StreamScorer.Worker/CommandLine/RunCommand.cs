using System.CommandLine;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer run</c>, also what happens without a command: the worker and its web surface, until SIGTERM or SIGINT.</summary>
internal static class RunCommand
{
    private static readonly Option<bool> untilInputCloses = new(ConfigurationFlags.UntilInputClosesFlag)
    {
        Description = "Stop in good order when standard input closes too: for programs that start workers and must not leave any behind",
    };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var command = new Command("run", "Score the stream and serve the web surface (the default). Without configuration: standalone, with a demo stream.")
        {
            untilInputCloses,
        };
        command.SetAction((parsed, cancellation) => parsed.GetValue(untilInputCloses)
            ? InputClose.RunUntilAsync(stop => WorkerHost.RunAsync(() => flags.Load(parsed), stop))
            : WorkerHost.RunAsync(() => flags.Load(parsed), cancellation));
        return command;
    }
}
