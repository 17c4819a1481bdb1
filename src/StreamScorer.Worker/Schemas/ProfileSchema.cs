using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Schemas;

/// <summary>The customer profile: what <c>GET /v1/customers/{id}</c>, the badge stream and <c>customer --json</c> give.</summary>
internal static class ProfileSchema
{
    private static readonly JsonSchemaExporterOptions options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };

    /// <summary>The schema, from the type that is written and its documentation comments.</summary>
    public static JsonObject Build() => SchemaParts.Document(
        "Customer profile",
        Documentation.Of(typeof(CustomerProfile)),
        WorkerJson.Default.Options.GetJsonSchemaAsNode(typeof(CustomerProfile), options).AsObject());

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is JsonObject described && context.PropertyInfo?.AttributeProvider is PropertyInfo property && Documentation.Of(property) is { Length: > 0 } text)
            described["description"] = text;
        return schema;
    }
}
