using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace StreamScorer.WebLoad;

/// <summary>What came of a run.</summary>
/// <param name="Streams">Badge streams asked for.</param>
/// <param name="StreamsOpen">Of them open at the end.</param>
/// <param name="BadgesReceived">Badges that came on them during the measurement.</param>
/// <param name="EventsScored">Events that the worker consumed during it.</param>
/// <param name="LagRecords">Events that waited at its end.</param>
/// <param name="LookupsPerSecond">Lookups a second; the empty endpoint had as many requests.</param>
/// <param name="Seconds">Length of the measurement.</param>
/// <param name="LookupP50Ms">Half of the lookups took no longer, milliseconds from the scheduled instant to the last byte.</param>
/// <param name="LookupP99Ms">99 % of them.</param>
/// <param name="EmptyP50Ms">The same of the empty endpoint.</param>
/// <param name="EmptyP99Ms">99 % of those.</param>
/// <param name="LookupMaxMs">The slowest lookup.</param>
/// <param name="SentLateP99Ms">99 % of all requests were sent no later than this after their scheduled instant: the sender's own part of the latencies.</param>
internal sealed record WebLoadReport(
    int Streams, int StreamsOpen, long BadgesReceived, long EventsScored, long LagRecords, int LookupsPerSecond, int Seconds,
    double LookupP50Ms, double LookupP99Ms, double EmptyP50Ms, double EmptyP99Ms, double LookupMaxMs, double SentLateP99Ms)
{
    /// <summary>99 % of the lookups in multiples of the empty endpoint.</summary>
    public double P99RatioToEmpty => Math.Round(LookupP99Ms / EmptyP99Ms, 2);

    /// <summary>Wrong answers, at most ten; empty when all were right.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    /// <summary>Writes it as one JSON object.</summary>
    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(this, WebLoadJson.Default.WebLoadReport));

    /// <summary>Writes it as a table.</summary>
    public void WriteTable()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("figure", "value");
        foreach (JsonProperty figure in JsonSerializer.SerializeToElement(this, WebLoadJson.Default.WebLoadReport).EnumerateObject())
            table.AddRow(Markup.Escape(figure.Name), Markup.Escape(figure.Value.ToString()));
        AnsiConsole.Write(table);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebLoadReport))]
internal sealed partial class WebLoadJson : JsonSerializerContext;
