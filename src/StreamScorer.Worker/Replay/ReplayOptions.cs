using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Replay;

/// <summary>What a replay changes in the configuration.</summary>
internal static class ReplayOptions
{
    /// <summary>
    /// Only events move the clock, all schemes are published, and a clock that is asked to run into the future may.
    /// </summary>
    public static StreamScorerOptions Of(StreamScorerOptions options, ReplayRequest request) => options with
    {
        Engine = options.Engine with { Clock = ClockKind.Event, FutureToleranceMax = FutureTolerance(options, request) },
        Publish = options.Publish with { Schemes = SchemeNamesAttribute.All },
        Demo = options.Demo with { Enabled = false },
    };

    /// <summary>The engine's limits for a replay.</summary>
    public static Engine.EngineOptions Engine(StreamScorerOptions options, ReplayRequest request) => ClientOptions.Engine(Of(options, request));

    private static TimeSpan FutureTolerance(StreamScorerOptions options, ReplayRequest request)
    {
        TimeSpan ahead = (request.AsOf ?? DateTime.MinValue) - TimeProvider.System.GetUtcNow().UtcDateTime;
        return ahead > TimeSpan.Zero ? options.Engine.FutureToleranceMax + ahead : options.Engine.FutureToleranceMax;
    }
}
