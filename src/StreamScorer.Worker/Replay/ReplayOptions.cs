using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Replay;

/// <summary>What a replay changes in the configuration.</summary>
internal static class ReplayOptions
{
    /// <summary>
    /// Only events move the clock, a clock that is asked to run into the future may, all schemes are published, and relative tiers are recalibrated once a
    /// day of the file.
    /// </summary>
    public static StreamScorerOptions Of(StreamScorerOptions options, ReplayRequest request) => options with
    {
        Engine = ClientOptions.Daily(options.Engine) with { Clock = ClockKind.Event, FutureToleranceMax = FutureTolerance(options, request) },
        Publish = options.Publish with { Schemes = SchemeNamesAttribute.All },
        // What a file contains is its owner's to judge from the report.
        DeadLetter = options.DeadLetter with { RateMax = 1 },
        Demo = options.Demo with { Enabled = false },
    };

    /// <summary>The engine's limits for a replay.</summary>
    public static Engine.EngineOptions Engine(StreamScorerOptions options, ReplayRequest request) => ClientOptions.Engine(Of(options, request));

    /// <summary>Progress and results are what a replay has to say; what goes well would tear the bar apart, unless somebody asks for every detail.</summary>
    public static LogLevel LogLevelOf(StreamScorerOptions options) =>
        options.Logging.Level == LogLevel.Information ? LogLevel.Warning : options.Logging.Level;

    private static TimeSpan FutureTolerance(StreamScorerOptions options, ReplayRequest request)
    {
        TimeSpan ahead = (request.AsOf ?? DateTime.MinValue) - TimeProvider.System.GetUtcNow().UtcDateTime;
        return ahead > TimeSpan.Zero ? options.Engine.FutureToleranceMax + ahead : options.Engine.FutureToleranceMax;
    }
}
