using System.Text.Json.Serialization;
using StreamScorer.Worker.Observability.Health;

namespace StreamScorer.Worker.Observability;

/// <summary>JSON of the operations routes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class OperationsJson : JsonSerializerContext;
