using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Schemas;

/// <summary>One message of each kind: events with every field of their type, and what the engine's own formatter makes.</summary>
internal static class ExampleMessages
{
    private const long TimeMs = 1_793_692_800_000; // 2026-11-03T08:00:00Z
    private const long GraceMs = 28L * 86_400_000;

    private static readonly PartitionMeta committed = PartitionMeta.Empty with { OutboxSeq = 7, Incarnation = 1, Offset = 43 };

    /// <summary>An event of a shape.</summary>
    /// <param name="optionalToo">With every field that the type may have.</param>
    public static JsonObject Event(EventShape shape, bool optionalToo)
    {
        var message = new JsonObject();
        foreach ((string name, JsonNode? field) in Properties(shape))
            if (optionalToo || IsNeeded(shape, name))
                message[name] = Sample(name, (JsonObject)field!);
        return message;
    }

    /// <summary>A transition by an event, and a pending drop by silence.</summary>
    public static IEnumerable<(string Name, JsonNode Message)> Transitions()
    {
        OutboxFormatter formatter = Formatter();
        var up = new TierChange
        {
            Scheme = SchemeId.Pyramid,
            From = 4,
            To = 3,
            Direction = TierDirection.Up,
            Cause = TransitionCause.Event,
            Sequence = 2,
            AtMs = TimeMs,
            Stage = LifecycleStage.Acquisition,
            Flags = TransitionFlags.NewCustomer,
            StrategyId = "pyramid.iron",
            CustomerValue = 412.5,
            ChurnRisk = 0.21,
            AliveProbability = 0.93,
        };
        TierChange pending = up with
        {
            Scheme = SchemeId.Absolute,
            From = 2,
            To = 2,
            Direction = TierDirection.DropPending,
            Cause = TransitionCause.Silence,
            Sequence = 3,
            DropMs = TimeMs + GraceMs,
            Flags = TransitionFlags.None,
        };
        foreach ((string name, TierChange change) in new[] { ("tier-transition-up", up), ("tier-transition-drop-pending", pending) })
        {
            byte[] value = formatter.Transition(committed.OutboxSeq, committed.Incarnation, "C42"u8, in change, "o-1001"u8, new TransitionTrigger(42, TimeMs)).Value!;
            yield return (name, JsonNode.Parse(value)!);
        }
    }

    /// <summary>An erasure.</summary>
    public static JsonNode Erased() => JsonNode.Parse(Formatter().Erased(committed, "C42"u8, 42, TimeMs).Value!)!;

    /// <summary>Headers of a dead letter.</summary>
    public static JsonObject DeadLetterHeaders()
    {
        OutboxFormatter formatter = Formatter();
        var record = new SourceRecord { Offset = 42, TimestampMs = TimeMs, HasKey = true, HasValue = true, Key = "C42"u8, Value = "{}"u8, Headers = default };
        OutboxEntry entry = formatter.DeadLetter(1, 0, in record, new Rejection(RejectionReason.MissingField, "type: missing"));
        return new JsonObject(RecordHeaders.Unpack(entry.Headers).Select(header =>
            KeyValuePair.Create(header.Key, (JsonNode?)Encoding.UTF8.GetString(header.Value!))));
    }

    private static OutboxFormatter Formatter() =>
        new("transactions", 0, new ScoringRules(new ScoringPolicy()), new EngineOptions { ApplicationVersion = ClientOptions.Version });

    private static JsonObject Properties(EventShape shape) => (JsonObject)SchemaOf(shape)["properties"]!;

    private static bool IsNeeded(EventShape shape, string name) => SchemaOf(shape)["required"]!.AsArray().Any(needed => (string)needed! == name);

    private static JsonObject SchemaOf(EventShape shape) =>
        (JsonObject)EventSchema.Build()["oneOf"]!.AsArray().Single(one => (string)one!["title"]! == EventSchema.NameOf(shape.Type))!;

    private static JsonNode Sample(string name, JsonObject field) => name switch
    {
        "customerId" => "C42",
        "id" => "o-1001",
        "time" => DateTimeOffset.FromUnixTimeMilliseconds(TimeMs).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        "refundOf" => "o-1000",
        "referredCustomerId" => "C43",
        "currency" => new ScoringPolicy().BaseCurrency,
        "factor" => new ScoringPolicy().Degrees.SatisfactionFactors[0],
        "date" => "2026-12-31",
        "amount" => 59.90,
        "cost" => 31.00,
        _ when field["const"] is JsonNode constant => constant.DeepClone(),
        _ when field["enum"] is JsonArray words => words[0]!.DeepClone(),
        _ => (string)field["type"]! switch
        {
            "integer" => 1,
            "number" => 4.5,
            "boolean" => true,
            _ => name,
        },
    };
}
