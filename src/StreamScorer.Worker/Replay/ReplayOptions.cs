using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Replay;

/// <summary>What a replay changes in the configuration.</summary>
internal static class ReplayOptions
{
    // A minute of a live stream costs one sweep over all customers a minute; a replay passes half a million minutes of a year in seconds.
    private static readonly TimeSpan recalibrationMin = TimeSpan.FromDays(1);

    /// <summary>
    /// Only events move the clock, a clock that is asked to run into the future may, all schemes are published, and relative tiers are recalibrated once a
    /// day of the file.
    /// </summary>
    public static StreamScorerOptions Of(StreamScorerOptions options, ReplayRequest request) => options with
    {
        Engine = options.Engine with
        {
            Clock = ClockKind.Event,
            FutureToleranceMax = FutureTolerance(options, request),
            RecalibrationInterval = options.Engine.RecalibrationInterval > recalibrationMin ? options.Engine.RecalibrationInterval : recalibrationMin,
        },
        Publish = options.Publish with { Schemes = SchemeNamesAttribute.All },
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
