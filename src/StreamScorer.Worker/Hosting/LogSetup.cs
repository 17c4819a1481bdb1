using Microsoft.Extensions.Logging.Console;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Hosting;

/// <summary>Logs go to standard error: standard output belongs to results.</summary>
internal static class LogSetup
{
    /// <summary>Adds the one provider that is used.</summary>
    public static void Configure(ILoggingBuilder logging, LoggingSettings settings)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(settings.Level);
        // The frameworks speak up only when something is wrong; what they do otherwise is not this service's news.
        logging.AddFilter("Microsoft", settings.Level > LogLevel.Warning ? settings.Level : LogLevel.Warning);
        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = settings.Format == LogFormat.Json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        logging.Services.Configure<SimpleConsoleFormatterOptions>(formatter =>
        {
            formatter.SingleLine = true;
            formatter.UseUtcTimestamp = true;
            formatter.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        logging.Services.Configure<JsonConsoleFormatterOptions>(formatter =>
        {
            formatter.UseUtcTimestamp = true;
            formatter.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
    }
}
