using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamScorer.Scoring.Tests;
using StreamScorer.Testing;
using StreamScorer.Web.Tests.Running;

namespace StreamScorer.Web.Tests.Contracts;

/// <summary>The OpenAPI document that ships is the one that a worker serves.</summary>
public sealed class OpenApiTests : IDisposable
{
    private static readonly JsonSerializerOptions format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task What_ships_is_what_a_worker_serves()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(directory.Path);
        JsonObject served = JsonNode.Parse(await worker.Http.GetStringAsync("/openapi/v1.json"))!.AsObject();
        // Wherever the document is served from: the one that was asked has its own address in it.
        served["servers"] = new JsonArray(new JsonObject { ["url"] = "/" });

        Golden.Matches("config/schemas/openapi.json", served.ToJsonString(format) + "\n");
    }
}
