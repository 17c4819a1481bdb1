using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.State;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.CommandLine;

/// <summary>
/// <c>streamscorer raise-layout</c>: the end of a roll to a version with a newer record layout. Until then every worker writes what the former version reads, so
/// that the roll can be taken back.
/// </summary>
internal static class RaiseLayoutCommand
{
    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var command = new Command(
            "raise-layout", "Let workers write the newest record layout of this version; only when all of them run it: the version before can then not come back");
        command.SetAction((parsed, cancellation) => RunAsync(flags.Load(parsed), parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(StreamScorerOptions options, TextWriter output, CancellationToken cancellation)
    {
        await using Deployment deployment = await Deployment.OpenAsync(options, NullLoggerFactory.Instance, cancellation);
        AppRecord app;
        do
        {
            app = await deployment.Store.ReadOrCreateAppAsync(deployment.Source.Topic, deployment.PartitionCount, RecordLayout.Own, cancellation);
            if (app.Layout > RecordLayout.Next)
                throw new StateStoreException($"The state has record layout {app.Layout}, this version writes up to {RecordLayout.Next}. Run the command of the newer version.");
        }
        while (!await deployment.Store.ReplaceAppAsync(app with { Layout = RecordLayout.Next }, cancellation));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"record layout was {app.Layout} and is {RecordLayout.Next}: workers write it from their next start on, customer by customer"));
        return ExitCode.Ok;
    }
}
