using System.Text.Json.Nodes;
using StreamScorer.Engine.Decode;
using StreamScorer.Scoring.Events;
using static StreamScorer.Worker.Schemas.SchemaParts;

namespace StreamScorer.Worker.Schemas;

/// <summary>One type of input event: what it must say and what it may say.</summary>
internal sealed record EventShape(EventType Type, string[] Needed, string[] Optional);

/// <summary>
/// The input events as a table, by <see cref="EventType"/>. A producer that follows it is never rejected; tests compare every line of it with the decoder.
/// The decoder forgives more: it skips members that it does not know, and takes null for absent.
/// </summary>
internal static class EventSchema
{
    // Largest amount in currency units, and the smallest that is not nothing.
    private const double AmountMax = 100_000_000_000, AmountStep = 0.0001;

    private static readonly string[] identity = ["customerId", "id", "time", "type"];

    private static readonly JsonObject fields = new()
    {
        ["customerId"] = Id("Who; also the record's key"),
        ["id"] = Id("Unique for the customer; a repeat is recognised by it"),
        ["time"] = Text("When it happened, with an offset; years 1900 to 2199", format: "date-time"),
        ["schemaVersion"] = Number("Version of this form; absent = 1", 1, 1, whole: true),
        ["amount"] = Number("Money in `currency`; digits behind the fourth are rounded", 0, AmountMax),
        ["currency"] = Text("ISO 4217 code: the policy's base currency, which is the default, or one that the policy has a rate for", minLength: 1, maxLength: 256),
        ["cost"] = Number("Cost of the goods, of the information, or to the customer", 0, AmountMax),
        ["costReturned"] = Number("Cost that the goods that came back are worth", 0, AmountMax),
        ["refundOf"] = Id("The purchase's `id`"),
        ["category"] = Id("Product category"),
        ["place"] = Id("Where"),
        ["channel"] = Id("Through which channel"),
        ["campaign"] = Id("Which campaign"),
        ["rating"] = Number("1 is worst, 5 is best", 1, 5),
        ["factor"] = Id("Which of the policy's satisfaction factors"),
        ["phase"] = Choice(["before", "during", "after"], "When in the sale the customer was asked"),
        ["gain"] = Number("What the customer says it gained", 0, AmountMax),
        ["severity"] = Number("3 is worst; absent = 1", 1, 3, whole: true),
        ["resolved"] = Truth("Whether the complaint was resolved"),
        ["referredCustomerId"] = Id("The other customer"),
        ["action"] = Choice(["collected", "used"], "What was done with information"),
        ["points"] = Number("How much information; absent = 1", 1, 1_000_000, whole: true),
        ["benefit"] = Number("What its use brought", 0, AmountMax),
        ["competitor"] = Id("To whom"),
        ["induced"] = Truth("Whether somebody induced it"),
        ["date"] = Text("When the relationship ends: a day, or an instant with an offset; absent = `time`", minLength: 10, maxLength: 64),
    };

    /// <summary>All types.</summary>
    public static IReadOnlyList<EventShape> Shapes { get; } =
    [
        new(EventType.Purchase, ["amount"], ["currency", "cost", "category", "place", "channel"]),
        new(EventType.Refund, ["amount"], ["currency", "costReturned", "refundOf"]),
        new(EventType.Cost, ["amount"], ["currency", "reason"]),
        new(EventType.Contact, [], ["campaign"]),
        new(EventType.Response, [], ["campaign"]),
        new(EventType.Satisfaction, ["rating"], ["factor", "phase", "currency", "gain", "cost"]),
        new(EventType.Complaint, [], ["severity", "resolved"]),
        new(EventType.Referral, [], ["referredCustomerId"]),
        new(EventType.Information, ["action"], ["points", "currency", "cost", "benefit"]),
        new(EventType.Wallet, ["amount"], ["currency"]),
        new(EventType.Default, [], ["amount", "currency"]),
        new(EventType.Defection, [], ["competitor", "induced"]),
        new(EventType.Ending, ["reason"], ["date"]),
        new(EventType.Erase, [], []),
        new(EventType.Clock, [], []),
    ];

    /// <summary>The schema of one event.</summary>
    public static JsonObject Build() => Document(
        "Customer event",
        "A value of the input topic, key = customerId in UTF-8. A structured CloudEvents 1.0 record whose `data` is one is accepted too. A record without value erases its key's customer.",
        new JsonObject { ["type"] = "object", ["oneOf"] = new JsonArray([.. Shapes.Select(shape => (JsonNode?)Of(shape))]) });

    /// <summary>Name of a type in JSON.</summary>
    public static string NameOf(EventType type) => type.ToString().ToLowerInvariant();

    /// <summary>Schema of one field of one type.</summary>
    public static JsonObject Field(EventType type, string name) => (type, name) switch
    {
        (_, "type") => Constant(NameOf(type)),
        (EventType.Cost, "reason") => Choice(["acquisition", "service", "marketing", "other"], "What the cost was for; absent = other"),
        (EventType.Ending, "reason") => Choice(["death", "closure", "retirement", "moved"], "Why the relationship ends"),
        // These need a value: nothing is no refund, no cost and no wallet.
        (EventType.Refund or EventType.Cost or EventType.Wallet, "amount") => Number("Money in `currency`", AmountStep, AmountMax),
        _ => (JsonObject)fields[name]!.DeepClone(),
    };

    private static JsonObject Of(EventShape shape)
    {
        // A clock record belongs to nobody; an erasure needs no id.
        string[] who = shape.Type switch
        {
            EventType.Clock => ["time", "type"],
            EventType.Erase => ["customerId", "time", "type"],
            _ => identity,
        };
        string[] optional = shape.Type == EventType.Clock ? ["schemaVersion"] : [.. identity.Except(who), "schemaVersion", .. shape.Optional];
        JsonObject schema = Object(
            [.. who, .. shape.Needed], [.. who.Concat(shape.Needed).Concat(optional).Select(name => (name, Field(shape.Type, name)))]);
        schema["title"] = NameOf(shape.Type);
        return schema;
    }

    private static JsonObject Id(string description) =>
        Text(description + "; 1 to 256 UTF-8 bytes", pattern: "^[^\\u0000-\\u001f]+$", maxLength: EventDecoder.IdBytesMax);
}
