using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Worker.Web.Streams;

namespace StreamScorer.Worker.Web.Api;

/// <summary>Describes in the OpenAPI document what the routes read from the query themselves, because their errors name every wrong value at once.</summary>
internal static class TransitionParameters
{
    /// <summary>Where to go on.</summary>
    public static readonly OpenApiParameter After = Text("after", "Cursor: only what was published behind it. It is what `next` or the id of an event said.");

    /// <summary>Where to go on, as browsers say it.</summary>
    public static readonly OpenApiParameter LastEventId = new()
    {
        Name = "Last-Event-ID",
        In = ParameterLocation.Header,
        Description = "The last id received; the stream goes on behind it, without gap and without repeat. Before `after`.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    /// <summary>Adds parameters to a route's description.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, params IEnumerable<OpenApiParameter> parameters) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters = [.. operation.Parameters ?? [], .. parameters];
            return Task.CompletedTask;
        });

    /// <summary>The filters of transitions; each may be repeated.</summary>
    public static IEnumerable<OpenApiParameter> Filters() =>
    [
        Repeated("customer", "Only of these customers."),
        Repeated("scheme", "Only of these schemes.", TierSchemes.Names),
        Repeated("direction", "Only in these directions.", TransitionFilter.AllowedDirections),
        Repeated("tier", "Only to these tiers.", TransitionFilter.AllowedTiers),
        Repeated("cause", "Only for these causes.", TransitionFilter.AllowedCauses),
    ];

    /// <summary>The customers of a badge stream.</summary>
    public static OpenApiParameter Customers(int max)
    {
        OpenApiParameter customers = Repeated("customer", "Whose badges; repeated for several.");
        customers.Required = true;
        ((OpenApiSchema)customers.Schema!).MinItems = 1;
        ((OpenApiSchema)customers.Schema).MaxItems = max;
        return customers;
    }

    /// <summary>A whole number within bounds.</summary>
    public static OpenApiParameter Number(string name, string description, int min, int max, int absent) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = $"{min}", Maximum = $"{max}", Default = absent },
    };

    private static OpenApiParameter Text(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiParameter Repeated(string name, string description, IEnumerable<string>? allowed = null) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Explode = true,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = allowed?.Select(value => (JsonNode)value).ToList() },
        },
    };
}
