using System.ComponentModel.DataAnnotations;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Worker.Configuration;

/// <summary>
/// Everything that can be configured. Read by <see cref="OptionsLoader"/> from <c>config/streamscorer.json</c>, from environment variables over it
/// (<c>STREAMSCORER__KAFKA__BOOTSTRAPSERVERS</c>) and from flags over both. A property is a key: <c>Engine:BatchSizeMax</c>.
/// </summary>
public sealed record StreamScorerOptions
{
    /// <summary>Where transactions come from.</summary>
    public SourceKind Source { get; init; } = SourceKind.Standalone;

    /// <summary>Where state lives.</summary>
    public StoreKind Store { get; init; } = StoreKind.Standalone;

    /// <summary>Directory of the standalone log and store; created when missing. Relative paths start at the working directory.</summary>
    [Required]
    public string DataDirectory { get; init; } = "data";

    /// <summary>The scoring policy. Empty = the one that ships with the program.</summary>
    public string PolicyFile { get; init; } = "";

    /// <summary>The standalone log and store.</summary>
    public StandaloneSettings Standalone { get; init; } = new();

    /// <summary>The Kafka side of a distributed worker.</summary>
    public KafkaSettings Kafka { get; init; } = new();

    /// <summary>The Redis side of a distributed worker.</summary>
    public RedisSettings Redis { get; init; } = new();

    /// <summary>The flow from a record to a committed state.</summary>
    public EngineSettings Engine { get; init; } = new();

    /// <summary>Erased customers.</summary>
    public ErasureSettings Erasure { get; init; } = new();

    /// <summary>Records that cannot be used.</summary>
    public DeadLetterSettings DeadLetter { get; init; } = new();

    /// <summary>What is published.</summary>
    public PublishSettings Publish { get; init; } = new();

    /// <summary>The web surface.</summary>
    public HttpSettings Http { get; init; } = new();

    /// <summary>Who is called on transitions, and how persistently.</summary>
    public WebhookSettings Webhooks { get; init; } = new();

    /// <summary>Who may use the web surface.</summary>
    public SecuritySettings Security { get; init; } = new();

    /// <summary>The stream of invented customers that a standalone worker scores.</summary>
    public DemoSettings Demo { get; init; } = new();

    /// <summary>When a worker calls itself ready.</summary>
    public HealthSettings Health { get; init; } = new();

    /// <summary>Where metrics and traces are sent.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>What is logged and how.</summary>
    public LoggingSettings Logging { get; init; } = new();
}

/// <summary>Where transactions come from.</summary>
public enum SourceKind
{
    /// <summary>The durable log in the data directory.</summary>
    Standalone,

    /// <summary>A Kafka topic.</summary>
    Kafka,
}

/// <summary>Where state lives.</summary>
public enum StoreKind
{
    /// <summary>A SQLite file in the data directory.</summary>
    Standalone,

    /// <summary>A Redis server.</summary>
    Redis,
}

/// <summary>Keys <c>Standalone:*</c>.</summary>
public sealed record StandaloneSettings
{
    /// <summary>Partitions, each scored by one processor; fixed when the file is created.</summary>
    [Range(1, 256)]
    public int Partitions { get; init; } = 4;
}

/// <summary>Keys <c>Publish:*</c>.</summary>
public sealed record PublishSettings
{
    /// <summary>Schemes whose transitions are published, separated by commas, or <c>all</c>. All schemes are always computed and readable.</summary>
    [SchemeNames]
    public string Schemes { get; init; } = "pyramid,churn,lifecycle";

    /// <summary>The same as a list.</summary>
    internal IReadOnlyList<string> SchemeNames =>
        Schemes == SchemeNamesAttribute.All ? TierSchemes.Names : Schemes.Split(',', StringSplitOptions.TrimEntries);
}

/// <summary>Keys <c>Http:*</c>.</summary>
public sealed record HttpSettings
{
    /// <summary>Addresses to listen on, separated by semicolons; port 0 takes a free one; <c>none</c> switches the web surface off.</summary>
    [Urls]
    public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Event streams that may be open at once; one more gets 503.</summary>
    [Range(1, 100_000)]
    public int StreamsMax { get; init; } = 5_000;

    /// <summary>An event stream on which nothing happens sends a sign of life this often.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Requests a second from one address; beyond it they get 429.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecondMax { get; init; } = 2_000;

    /// <summary>Largest body of a request, bytes; a larger one gets 413. At most <c>Http:PendingBytesMax</c>.</summary>
    [Range(1_024, 1 << 28)]
    public int BodyBytesMax { get; init; } = 4 << 20;

    /// <summary>Bodies of events under way together, bytes; beyond it new ones get 429.</summary>
    [Range(1_024, 1 << 30)]
    public int PendingBytesMax { get; init; } = 64 << 20;

    /// <summary>Records of a partition that wait to be scored; beyond it new events get 429.</summary>
    [Range(1, 1_000_000_000)]
    public int BacklogMax { get; init; } = 100_000;
}

/// <summary>Keys <c>Demo:*</c>.</summary>
public sealed record DemoSettings
{
    /// <summary>Whether a standalone worker scores invented customers.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Customers at the start; more join as time passes.</summary>
    [Range(10, 1_000_000)]
    public int Customers { get; init; } = 500;

    /// <summary>Same seed, same customers and events.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Days of the demo's own calendar that pass in one second.</summary>
    [Range(0.0001, 1_000)]
    public double DaysPerSecond { get; init; } = 0.25;
}

/// <summary>Keys <c>Logging:*</c>.</summary>
public sealed record LoggingSettings
{
    /// <summary>Least severe level that is logged.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Form of a log line on standard error.</summary>
    public LogFormat Format { get; init; } = LogFormat.Console;
}

/// <summary>Form of a log line.</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    Console,

    /// <summary>One JSON object a line.</summary>
    Json,
}
