using System.Text.Json.Nodes;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Publish;
using StreamScorer.Scoring.Tiers;
using static StreamScorer.Worker.Schemas.SchemaParts;

namespace StreamScorer.Worker.Schemas;

/// <summary>What is published: transitions, erasures, and the headers of the dead letters.</summary>
internal static class TransitionSchema
{
    /// <summary>The value of a transition.</summary>
    public static JsonObject Build() => Document(
        "Tier transition",
        "A value of the transitions topic, key = customerId: CloudEvents 1.0. The id is the same after a repeat.",
        CloudEvent(OutboxFormatter.TransitionType, "When the tier changed", Data()));

    /// <summary>The value of the record that tells an erasure.</summary>
    public static JsonObject Erased() => Document(
        "Customer erased",
        "A value of the transitions topic, key = customerId: CloudEvents 1.0. A record without value follows it and ends the key. The id is the same after a repeat.",
        CloudEvent(OutboxFormatter.ErasedType, "When the customer was erased", Object(
            ["customerId", "erasedAt"],
            ("customerId", Text(minLength: 1)),
            ("erasedAt", Instant("As `time`: events up to this instant are ignored from now on")))));

    /// <summary>The headers of a dead letter; its key and value are the original ones.</summary>
    public static JsonObject DeadLetterHeaders() => Document(
        "Dead-letter headers",
        "Headers of a record of the dead-letter topic, all text. Key, value and further headers are those of the record that could not be used.",
        Object(
            ["reason", "message", "source-topic", "source-partition", "source-offset", "source-timestamp", "application-version"],
            ("reason", Choice(Enum.GetValues<RejectionReason>().Where(reason => reason != RejectionReason.None).Select(reason => reason.Name()))),
            ("message", Text("Which field, and what is allowed")),
            ("source-topic", Text(minLength: 1)),
            ("source-partition", Decimal()),
            ("source-offset", Decimal()),
            ("source-timestamp", Text("Unix milliseconds", pattern: "^-?[0-9]+$")),
            ("application-version", Text(minLength: 1)),
            ("original-length", Text("Bytes of the original value, where the value was cut because the broker takes no larger one", pattern: "^[0-9]+$")),
            ("sha256", Text("Of the original value, where the value was cut", pattern: "^[0-9a-f]{64}$")),
            ("truncated", Text("`true` where the value was cut"))));

    private static JsonObject CloudEvent(string type, string time, JsonObject data) => Object(
        ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"],
        ("specversion", Constant("1.0")),
        ("id", Text("Deterministic; a repeat has the same", minLength: 1)),
        ("source", Text("/streamscorer/TOPIC/PARTITION of the input", pattern: "^/streamscorer/.+/[0-9]+$")),
        ("type", Constant(type)),
        ("subject", Text("The customer id", minLength: 1)),
        ("time", Instant(time)),
        ("datacontenttype", Constant("application/json")),
        ("data", data));

    private static JsonObject Data()
    {
        JsonObject data = Object(
            ["customerId", "scheme", "from", "to", "direction", "cause", "sequence", "effectiveTime", "stage", "strategy", "flags", "signals", "policyVersion"],
            ("customerId", Text(minLength: 1)),
            ("scheme", Choice(TierSchemes.Names, "Which way of dividing customers")),
            ("from", Text("Tier before", minLength: 1)),
            ("to", Text("Tier after; of a notice the tier that is held or threatens", minLength: 1)),
            ("direction", Choice(Enum.GetValues<TierDirection>().Select(OutboxFormatter.DirectionName))),
            ("cause", Choice(Enum.GetValues<TransitionCause>().Select(OutboxFormatter.CauseName))),
            ("sequence", Number("Counts a customer's transitions, for ordering", 0, whole: true)),
            ("effectiveTime", Instant("As `time`")),
            ("eventId", Text("The event that caused it, where one did")),
            ("eventTime", Instant("That event's own time")),
            ("dropTime", Instant("drop-pending: when the drop happens unless averted")),
            ("avertedBy", Object(["signal"], ("signal", Text(minLength: 1)), ("atLeast", Number()), ("atMost", Number()))),
            ("group", Text("Group of the new tier, in schemes that have groups")),
            ("stage", Text("Stage of the relationship", minLength: 1)),
            ("strategy", Text("Id of the strategy for this customer, see config/strategies.json")),
            ("flags", new JsonObject { ["type"] = "array", ["items"] = Choice(TransitionFlagsOf.Names) }),
            ("signals", Object(
                ["customerValue", "churnRisk", "aliveProbability"],
                ("customerValue", Number("Base currency")),
                ("churnRisk", Number("Probability", 0, 1)),
                ("aliveProbability", Number("Probability", 0, 1)))),
            ("policyVersion", Number("The policy that decided", 0, whole: true)));
        return data;
    }

    private static JsonObject Decimal() => Text(pattern: "^[0-9]+$");
}
