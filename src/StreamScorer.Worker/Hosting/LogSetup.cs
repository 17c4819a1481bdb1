using Microsoft.Extensions.Logging.Console;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Hosting;

/// <summary>Logs go to standard error: standard output belongs to results.</summary>
internal static class LogSetup
{
    /// <summary>Adds the one provider that is used.</summary>
    public static void Configure(ILoggingBuilder logging, LoggingSettings settings) => Configure(logging, settings, new LogLevelSwitch(settings.Level));

    /// <summary>The same with a level that can change.</summary>
    public static void Configure(ILoggingBuilder logging, LoggingSettings settings, LogLevelSwitch levels)
    {
        logging.ClearProviders();
        // The switch decides for each message; a minimum here would decide once and for all.
        logging.SetMinimumLevel(LogLevel.Trace);
        logging.AddFilter(levels.IsEnabled);
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
