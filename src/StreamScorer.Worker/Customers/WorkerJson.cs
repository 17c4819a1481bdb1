using System.Text.Json.Serialization;
using StreamScorer.Worker.Populations;
using StreamScorer.Worker.Web.Api;
using StreamScorer.Worker.Web.Ingest;

namespace StreamScorer.Worker.Customers;

/// <summary>JSON of everything that leaves through HTTP and <c>--json</c>: camel case, nulls kept so that a reader sees the whole shape.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CustomerProfile))]
[JsonSerializable(typeof(PopulationReport))]
[JsonSerializable(typeof(FallsReport))]
[JsonSerializable(typeof(EventReceipt))]
[JsonSerializable(typeof(EraseReceipt))]
[JsonSerializable(typeof(EraseRequest))]
[JsonSerializable(typeof(CustomerExplanation))]
internal sealed partial class WorkerJson : JsonSerializerContext;
