using System.Text.Json.Serialization;
using StreamScorer.Worker.Populations;
using StreamScorer.Worker.Web.Api;

namespace StreamScorer.Worker.Customers;

/// <summary>JSON of everything that leaves through HTTP and <c>--json</c>: camel case, nulls kept so that a reader sees the whole shape.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CustomerProfile))]
[JsonSerializable(typeof(PopulationReport))]
[JsonSerializable(typeof(FallsReport))]
[JsonSerializable(typeof(EraseRequest))]
[JsonSerializable(typeof(CustomerExplanation))]
internal sealed partial class WorkerJson : JsonSerializerContext;
