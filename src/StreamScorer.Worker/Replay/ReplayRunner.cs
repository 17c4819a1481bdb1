using System.Text.Json;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Replay;

/// <summary>Runs a replay and prints what came of it.</summary>
internal static class ReplayRunner
{
    /// <summary>Writes the report to <paramref name="output"/>. What makes it fail is thrown.</summary>
    public static async Task RunAsync(StreamScorerOptions options, ReplayRequest request, TextWriter output, CancellationToken cancellation)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(
            logging => LogSetup.Configure(logging, options.Logging with { Level = ReplayOptions.LogLevelOf(options) }));
        using var interrupted = new InterruptSignal(cancellation);
        ReplayReport report = await ReplayProgress.ShowAsync(
            isVisible: !Console.IsErrorRedirected,
            (read, applied) => request.IsDistributed
                ? DistributedReplay.RunAsync(options, request, loggers, read, applied, interrupted.Token)
                : StandaloneReplay.RunAsync(options, request, loggers, read, applied, interrupted.Token));
        if (request.Json)
            output.WriteLine(JsonSerializer.Serialize(report, ReplayJson.Default.ReplayReport));
        else
            ReportPrinter.Print(report, output);
    }
}
