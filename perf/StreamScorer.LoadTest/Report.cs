using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using StreamScorer.LoadTest.Measures;

namespace StreamScorer.LoadTest;

/// <summary>What came of a run. Null = not measured; the notes say why.</summary>
internal sealed record Report
{
    /// <summary>Events a second from a backlog, scored, committed and published, broker and Redis on the same machine.</summary>
    public double? EventsPerSecond { get; set; }

    /// <summary>What it holds of an open loop, while the feeder and a reader of what it publishes are on the same machine too.</summary>
    public double? SustainedEventsPerSecond { get; set; }

    /// <summary>The same pipe with scoring left out.</summary>
    public double? PipeEventsPerSecond { get; set; }

    /// <summary>The hand-written worker.</summary>
    public double? HandWrittenEventsPerSecond { get; set; }

    /// <summary>The Node peer.</summary>
    public double? NodeEventsPerSecond { get; set; }

    /// <summary>Share of the pipe's rate.</summary>
    public double? RatioToPipe => EventsPerSecond / PipeEventsPerSecond;

    /// <summary>Multiple of the hand-written worker's rate.</summary>
    public double? RatioToHandWritten => EventsPerSecond / HandWrittenEventsPerSecond;

    /// <summary>Multiple of the Node peer's rate.</summary>
    public double? RatioToNode => EventsPerSecond / NodeEventsPerSecond;

    /// <summary>Decode, apply, score and seal on one core, events a second.</summary>
    public double? ScoredPerSecondPerCore { get; set; }

    /// <summary>Reading the same JSON alone on one core.</summary>
    public double? ParsedPerSecondPerCore { get; set; }

    /// <summary>Scoring as a share of parsing.</summary>
    public double? ScoringRatioToParsing => ScoredPerSecondPerCore / ParsedPerSecondPerCore;

    /// <summary>Bytes allocated per event on that core, transitions included.</summary>
    public double? AllocatedBytesPerEvent { get; set; }

    /// <summary>From when an event was due to when its transition can be read, at 70 % of <see cref="SustainedEventsPerSecond"/>, or at the rate asked for.</summary>
    public LatencyFigures? LatencyMs { get; set; }

    /// <summary>The same at a seventieth of that load: 1 % of <see cref="SustainedEventsPerSecond"/>.</summary>
    public LatencyFigures? LatencyMsAtOnePercent { get; set; }

    /// <summary>From the instant of a silent transition to when it can be read, while the load runs, whose events move the clock.</summary>
    public LatencyFigures? SilenceMs { get; set; }

    /// <summary>From the group's assignment to the last partition being taken over: claim, load, read back; seconds.</summary>
    public double? TakeoverSeconds { get; set; }

    /// <summary>From the start of a standalone <c>run</c> to its first transition on the API, seconds.</summary>
    public double? SecondsToFirstTransition { get; set; }

    /// <summary>A standalone replay of the file that was asked for, from the start of the process to its end, seconds.</summary>
    public double? ReplaySeconds { get; set; }

    /// <summary>Worker memory per customer: state, id, index, timer.</summary>
    public double? BytesPerCustomer { get; set; }

    /// <summary>Resident memory of the worker after the load, bytes.</summary>
    public long? WorkerResidentBytes { get; set; }

    /// <summary>From the start of the worker to its first commit, the group's fixed wait included, seconds.</summary>
    public double? SecondsToFirstCommit { get; set; }

    /// <summary>Processor time per event by process while the backlog was drained, microseconds.</summary>
    public IReadOnlyDictionary<string, double>? CpuMicrosPerEvent { get; set; }

    /// <summary>Customers whose stored state was compared with the oracle, all equal.</summary>
    public int? AnswersChecked { get; set; }

    /// <summary>Customers held.</summary>
    public int Customers { get; init; }

    /// <summary>Partitions.</summary>
    public int Partitions { get; init; }

    /// <summary>Length of the whole run, seconds.</summary>
    public double Seconds { get; set; }

    /// <summary>What could not be measured, and why.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Writes it as one JSON object.</summary>
    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(this, ReportJson.Default.Report));

    /// <summary>Writes it as a table.</summary>
    public void WriteTable()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("figure", "value");
        foreach (JsonProperty figure in JsonSerializer.SerializeToElement(this, ReportJson.Default.Report).EnumerateObject())
            table.AddRow(Markup.Escape(figure.Name), Markup.Escape(figure.Value.ToString()));
        AnsiConsole.Write(table);
    }
}

/// <summary>Latencies, milliseconds.</summary>
/// <param name="P50">Half are not above.</param>
/// <param name="P99">99 % are not above.</param>
/// <param name="Max">None is above.</param>
/// <param name="Transitions">How many were taken.</param>
/// <param name="EventsPerSecond">The load.</param>
internal sealed record LatencyFigures(double P50, double P99, double Max, long Transitions, double EventsPerSecond)
{
    /// <summary>Of that, in the feeder: from when an event was due to when its client had it.</summary>
    public Quantiles? FeedingMs { get; init; }

    /// <summary>From then to when the worker's client had the transition, whole milliseconds.</summary>
    public Quantiles? ScoringMs { get; init; }

    /// <summary>From then to when it was read.</summary>
    public Quantiles? ReadingMs { get; init; }

    /// <summary>Processor time per event by process during this load, microseconds; feeder and reader are one.</summary>
    public IReadOnlyDictionary<string, double>? CpuMicrosPerEvent { get; init; }
}

/// <summary>Latencies of one stage, milliseconds.</summary>
/// <param name="P50">Half are not above.</param>
/// <param name="P99">99 % are not above.</param>
internal sealed record Quantiles(double P50, double P99)
{
    /// <summary>Of what was taken.</summary>
    public static Quantiles Of(Latencies taken) => new(taken.Quantile(0.5), taken.Quantile(0.99));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
