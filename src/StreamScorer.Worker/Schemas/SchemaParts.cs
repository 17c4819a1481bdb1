using System.Text.Json.Nodes;

namespace StreamScorer.Worker.Schemas;

/// <summary>The few shapes that the schemas are made of (JSON Schema draft 7, which JSON Schema, AsyncAPI and OpenAPI tools all read).</summary>
internal static class SchemaParts
{
    private const string Dialect = "http://json-schema.org/draft-07/schema#";

    /// <summary>A schema that stands in a file of its own.</summary>
    public static JsonObject Document(string title, string description, JsonObject schema)
    {
        var document = new JsonObject { ["$schema"] = Dialect, ["title"] = title, ["description"] = description };
        foreach ((string name, JsonNode? value) in schema.ToArray())
        {
            schema.Remove(name);
            document[name] = value;
        }
        return document;
    }

    /// <summary>An object. Members that are not named are allowed: a later version may add some, and a reader ignores what it does not know.</summary>
    public static JsonObject Object(IEnumerable<string> required, params (string Name, JsonObject Schema)[] properties)
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)p.Schema))) };
        JsonNode?[] names = [.. required.Select(name => (JsonNode?)name)];
        if (names.Length > 0)
            schema["required"] = new JsonArray(names);
        return schema;
    }

    /// <summary>A text of one form.</summary>
    public static JsonObject Text(string? description = null, string? pattern = null, string? format = null, int? minLength = null, int? maxLength = null)
    {
        var schema = new JsonObject { ["type"] = "string" };
        Add(schema, "description", description);
        Add(schema, "pattern", pattern);
        Add(schema, "format", format);
        if (minLength is { } min)
            schema["minLength"] = min;
        if (maxLength is { } max)
            schema["maxLength"] = max;
        return schema;
    }

    /// <summary>One of several words.</summary>
    public static JsonObject Choice(IEnumerable<string> words, string? description = null)
    {
        var schema = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(word => (JsonNode?)word)]) };
        Add(schema, "description", description);
        return schema;
    }

    /// <summary>Exactly this text.</summary>
    public static JsonObject Constant(string text) => new() { ["type"] = "string", ["const"] = text };

    /// <summary>A number within limits.</summary>
    public static JsonObject Number(string? description = null, double? min = null, double? max = null, bool whole = false)
    {
        var schema = new JsonObject { ["type"] = whole ? "integer" : "number" };
        Add(schema, "description", description);
        if (min is { } least)
            schema["minimum"] = least;
        if (max is { } most)
            schema["maximum"] = most;
        return schema;
    }

    /// <summary>True or false.</summary>
    public static JsonObject Truth(string? description = null)
    {
        var schema = new JsonObject { ["type"] = "boolean" };
        Add(schema, "description", description);
        return schema;
    }

    /// <summary>An instant in UTC.</summary>
    public static JsonObject Instant(string description) => Text(description, format: "date-time");

    private static void Add(JsonObject schema, string name, string? value)
    {
        if (value is not null)
            schema[name] = value;
    }
}
