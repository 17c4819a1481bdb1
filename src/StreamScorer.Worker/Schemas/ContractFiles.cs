using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StreamScorer.Worker.Schemas;

/// <summary>Everything that other programs rely on, as files; what <c>schema</c> writes and <c>config/schemas</c> holds.</summary>
internal static class ContractFiles
{
    private static readonly JsonSerializerOptions format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Content by relative path.</summary>
    public static IReadOnlyDictionary<string, string> Build()
    {
        var files = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal)
        {
            ["asyncapi.json"] = AsyncApi.Build(),
            ["customer-erased.schema.json"] = TransitionSchema.Erased(),
            ["customer-profile.schema.json"] = ProfileSchema.Build(),
            ["dead-letter-headers.schema.json"] = TransitionSchema.DeadLetterHeaders(),
            ["event.schema.json"] = EventSchema.Build(),
            ["tier-transition.schema.json"] = TransitionSchema.Build(),
            ["examples/customer-erased.json"] = ExampleMessages.Erased(),
            ["examples/dead-letter-headers.json"] = ExampleMessages.DeadLetterHeaders(),
        };
        foreach (EventShape shape in EventSchema.Shapes)
            files[$"examples/event-{EventSchema.NameOf(shape.Type)}.json"] = ExampleMessages.Event(shape, optionalToo: true);
        foreach ((string name, JsonNode message) in ExampleMessages.Transitions())
            files[$"examples/{name}.json"] = message;
        return files.ToDictionary(file => file.Key, file => file.Value.ToJsonString(format) + "\n");
    }
}
