using System.Reflection;
using StreamScorer.Engine;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Hosting;

/// <summary>From what is configured to what each project below the host takes.</summary>
internal static class ClientOptions
{
    /// <summary>Version of this program.</summary>
    public static string Version { get; } =
        typeof(ClientOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    // A minute of a live stream costs one sweep over all customers a minute; a calendar that runs faster passes thousands of minutes in seconds.
    private static readonly TimeSpan fastCalendarRecalibrationMin = TimeSpan.FromDays(1);

    private static readonly EngineOptions engineDefaults = new();

    /// <summary>The engine's limits.</summary>
    public static EngineOptions Engine(StreamScorerOptions options) => new()
    {
        BatchSizeMax = options.Engine.BatchSizeMax,
        // Room for the worst case of two commits, else a large batch would wait for room that there never is.
        OutboxMax = Math.Max(engineDefaults.OutboxMax, 2 * options.Engine.BatchSizeMax * engineDefaults.OutboxReservePerRecord),
        OutboxBytesMax = options.Engine.OutboxBytesMax,
        CommitBytesMax = options.Engine.CommitBytesMax,
        DeadLetterBytesMax = options.DeadLetter.ValueBytesMax,
        Clock = EffectiveClock(options) == ClockKind.Wall ? ClockMode.Wall : ClockMode.Event,
        IdleGraceMs = (long)options.Engine.IdleGrace.TotalMilliseconds,
        FutureToleranceMs = (long)options.Engine.FutureToleranceMax.TotalMilliseconds,
        RecalibrationIntervalMs = (long)(RunsDemo(options) ? Daily(options.Engine) : options.Engine).RecalibrationInterval.TotalMilliseconds,
        AcceptGap = options.Engine.AcceptGap,
        Rebuild = options.Engine.Rebuild,
        ErasureMarkerTtlMs = (long)options.Erasure.MarkerTtl.TotalMilliseconds,
        DeadLetterRateMax = options.DeadLetter.RateMax,
        DeadLetterWindow = options.DeadLetter.Window,
        DeadLetterPauseMs = (long)options.DeadLetter.RatePause.TotalMilliseconds,
        RevokeDrainMaxMs = (long)options.Engine.RevokeDrainMax.TotalMilliseconds,
        PublishSchemes = options.Publish.SchemeNames,
        ApplicationVersion = Version,
    };

    /// <summary>The demo has a calendar of its own, which the wall clock must not overtake.</summary>
    public static ClockKind EffectiveClock(StreamScorerOptions options) => RunsDemo(options) ? ClockKind.Event : options.Engine.Clock;

    /// <summary>The same, recalibrating once a day of the stream's calendar, or more seldom when that is asked for.</summary>
    public static EngineSettings Daily(EngineSettings engine) => engine.RecalibrationInterval >= fastCalendarRecalibrationMin
        ? engine
        : engine with { RecalibrationInterval = fastCalendarRecalibrationMin };

    /// <summary>Whether this worker feeds itself.</summary>
    public static bool RunsDemo(StreamScorerOptions options) => options.Source == SourceKind.Standalone && options.Demo.Enabled;

    /// <summary>The Kafka client.</summary>
    public static KafkaOptions Kafka(StreamScorerOptions options) => new()
    {
        BootstrapServers = options.Kafka.BootstrapServers,
        TransactionsTopic = options.Kafka.TransactionsTopic,
        TransitionsTopic = options.Kafka.TransitionsTopic,
        DeadLettersTopic = options.Kafka.DeadLettersTopic,
        GroupId = options.Kafka.GroupId,
        GroupInstanceId = options.Kafka.GroupInstanceId,
        SessionTimeoutMs = (int)options.Kafka.GroupTimeout.TotalMilliseconds,
        FetchWaitMaxMs = (int)options.Kafka.FetchWaitMax.TotalMilliseconds,
        BatchSizeMax = options.Engine.BatchSizeMax,
        // Environment variables arrive in capitals, the client library's names are small.
        Client = options.Kafka.Client.ToDictionary(pair => pair.Key.ToLowerInvariant(), pair => pair.Value),
    };

    /// <summary>The Redis client.</summary>
    public static RedisOptions Redis(StreamScorerOptions options) => new()
    {
        Endpoints = options.Redis.Endpoints.Split(','),
        Password = options.Redis.Password.Length == 0 ? null : options.Redis.Password,
        Ssl = options.Redis.Ssl,
        CaFile = options.Redis.CaFile.Length == 0 ? null : options.Redis.CaFile,
        Prefix = options.Redis.Prefix,
    };
}
