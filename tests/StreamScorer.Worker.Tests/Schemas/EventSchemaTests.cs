using System.Text;
using System.Text.Json.Nodes;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tests;
using StreamScorer.Worker.Schemas;

namespace StreamScorer.Worker.Tests.Schemas;

/// <summary>The table of events against the decoder: what the one promises the other keeps.</summary>
public sealed class EventSchemaTests
{
    private readonly EventDecoder decoder = new(new ScoringRules(new ScoringPolicy()));

    public static TheoryData<EventType> Types => [.. Enum.GetValues<EventType>()];

    [Fact]
    public void Every_type_has_a_line() =>
        Assert.Equal(Enum.GetValues<EventType>().Order(), EventSchema.Shapes.Select(shape => shape.Type).Order());

    [Theory]
    [MemberData(nameof(Types))]
    public void A_message_with_all_fields_or_only_the_needed_ones_is_decoded(EventType type)
    {
        Assert.Equal(default, Decode(Example(type, optionalToo: true)));
        Assert.Equal(default, Decode(Example(type, optionalToo: false)));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_message_without_one_of_the_needed_fields_is_rejected(EventType type)
    {
        foreach (string name in Example(type, optionalToo: false).Select(field => field.Key).Where(name => name is not "type"))
        {
            JsonObject message = Example(type, optionalToo: true);
            message.Remove(name);

            Assert.Equal((name, RejectionReason.MissingField), (name, Decode(message).Reason));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_limit_of_the_schema_is_the_decoder_s(EventType type)
    {
        foreach ((string name, _) in Example(type, optionalToo: true).Where(field => field.Key is not ("type" or "date" or "time")))
        {
            JsonObject field = EventSchema.Field(type, name);
            JsonNode[] wrong = [new JsonArray(), .. Outside(field)];
            foreach (JsonNode value in wrong)
            {
                JsonObject message = Example(type, optionalToo: true);
                message[name] = value.DeepClone();

                Assert.True(Decode(message).Rejected, $"{type}.{name} = {value.ToJsonString()} is taken");
            }
            foreach (JsonNode value in Inside(field))
            {
                JsonObject message = Example(type, optionalToo: true);
                message[name] = value.DeepClone();

                Assert.Equal($"{type}.{name}: ", $"{type}.{name}: {Decode(message).Message}");
            }
        }
    }

    [Fact]
    public void Messages_of_the_first_version_are_still_decoded()
    {
        string[] messages = Encoding.UTF8.GetString(Golden.Read("tests/contracts-check/v1/events.ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(messages.Length >= 2 * (Enum.GetValues<EventType>().Length - 1));
        Assert.All(messages, message => Assert.Equal(default, Decode(JsonNode.Parse(message)!.AsObject())));
    }

    private static JsonObject Example(EventType type, bool optionalToo) =>
        ExampleMessages.Event(EventSchema.Shapes.Single(shape => shape.Type == type), optionalToo);

    private static IEnumerable<JsonNode> Outside(JsonObject field)
    {
        if (field["minimum"] is JsonNode min)
            yield return (double)min - 0.5;
        if (field["maximum"] is JsonNode max)
            yield return (double)max + 1;
        if (field["type"]!.ToString() == "integer")
            yield return 1.5;
        if (field["enum"] is not null)
            yield return "none of them";
        if (field["type"]!.ToString() == "string")
        {
            yield return "";
            yield return new string('x', EventDecoder.IdBytesMax + 1);
            yield return "a\nb";
        }
    }

    private static IEnumerable<JsonNode> Inside(JsonObject field)
    {
        if (field["minimum"] is JsonNode min)
            yield return (double)min;
        if (field["maximum"] is JsonNode max)
            yield return (double)max;
        foreach (JsonNode? word in field["enum"]?.AsArray() ?? [])
            yield return word!;
    }

    private Rejection Decode(JsonObject message)
    {
        byte[] key = message["customerId"] is JsonValue id && id.TryGetValue(out string? text) ? Encoding.UTF8.GetBytes(text) : "C42"u8.ToArray();
        byte[] value = Encoding.UTF8.GetBytes(message.ToJsonString());
        var record = new SourceRecord { Offset = 0, TimestampMs = 0, HasKey = true, HasValue = true, Key = key, Value = value, Headers = default };
        return decoder.Decode(in record, out _);
    }
}
