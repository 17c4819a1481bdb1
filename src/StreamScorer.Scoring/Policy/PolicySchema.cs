using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace StreamScorer.Scoring.Policy;

/// <summary>JSON Schema (2020-12) of the policy file, derived from the policy's records: types, defaults, ranges, and no other keys.</summary>
public static class PolicySchema
{
    /// <summary>The schema as indented JSON, as in <c>config/schemas/scoring-policy.schema.json</c>.</summary>
    public static string Format()
    {
        JsonNode body = Export();
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "StreamScorer scoring policy",
        };
        foreach ((string key, JsonNode? value) in body.AsObject().ToArray())
            schema[key] = value?.DeepClone();
        return schema.ToJsonString(new JsonSerializerOptions(PolicyFile.Options)) + "\n";
    }

    /// <summary>What a key may hold, for an error; null when there is no such key.</summary>
    internal static string? Allowed(string path)
    {
        JsonNode? at = Export();
        foreach (string key in path.Split('.'))
        {
            string name = key.Split('[')[0];
            at = at?["properties"]?[name] ?? at?["additionalProperties"] as JsonObject;
            if (key.Contains('[', StringComparison.Ordinal))
                at = at?["items"];
        }
        if (at is null)
            return null;
        at.AsObject().Remove("properties");
        at.AsObject().Remove("default");
        return at["enum"]?.ToJsonString() ?? (at["minimum"] is { } low ? $"a number from {low} to {at["maximum"]}" : at["type"]?.ToJsonString() ?? "an object");
    }

    /// <summary>The keys that stand where a wrong one was found.</summary>
    internal static string KeysBeside(string path)
    {
        JsonNode? at = Export();
        foreach (string key in path.Split('.')[..^1])
            at = at?["properties"]?[key];
        return at?["properties"] is JsonObject keys ? string.Join(", ", keys.Select(key => key.Key)) : "none";
    }

    /// <summary>The node at a path such as <c>schemes.absolute.bounds[1]</c>; null when there is none.</summary>
    internal static JsonNode? Find(JsonNode? root, string path)
    {
        foreach (string key in path.Split('.', '['))
        {
            bool isIndex = key.EndsWith(']');
            root = isIndex ? (root as JsonArray)?[int.Parse(key.AsSpan(0, key.Length - 1), provider: null)] : (root as JsonObject)?[key];
        }
        return root;
    }

    private static JsonNode Export() => PolicyFile.Options.GetJsonSchemaAsNode(typeof(ScoringPolicy), new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = AddRange,
    });

    private static JsonNode AddRange(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject node || context.PropertyInfo?.AttributeProvider is not PropertyInfo property)
            return schema;
        if (property.GetCustomAttribute<PolicyRangeAttribute>() is { } range)
        {
            JsonObject number = node["items"] as JsonObject ?? node;
            number["minimum"] = Number(range.Minimum);
            number["maximum"] = Number(range.Maximum);
        }
        if (property.GetCustomAttribute<PolicyListAttribute>() is { } list)
            (node["minItems"], node["maxItems"]) = (list.Count, list.Count);
        return node;
    }

    private static JsonValue Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15 ? JsonValue.Create((long)value) : JsonValue.Create(value);
}
