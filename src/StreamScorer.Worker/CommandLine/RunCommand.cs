using System.CommandLine;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer run</c>, also what happens without a command: the worker and its web surface, until SIGTERM or SIGINT.</summary>
internal static class RunCommand
{
    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var command = new Command("run", "Score the stream and serve the web surface (the default). Without configuration: standalone, with a demo stream.");
        command.SetAction((parsed, cancellation) => WorkerHost.RunAsync(flags.Load(parsed), cancellation));
        return command;
    }
}
