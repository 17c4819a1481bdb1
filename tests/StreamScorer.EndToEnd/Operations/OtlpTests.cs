using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StreamScorer.Engine.Publish;

namespace StreamScorer.EndToEnd.Operations;

/// <summary>Metrics and traces by OTLP over HTTP, into a receiver of the test's own; and the trace context from the record in to the record out.</summary>
public sealed class OtlpTests : IDisposable
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string TraceParent = $"00-{TraceId}-b7ad6b7169203331-01";
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> received = new();

    public void Dispose() => patience.Dispose();

    [Fact]
    public async Task Metrics_and_spans_reach_a_collector_and_the_published_transition_carries_the_trace_of_its_event()
    {
        await using WebApplication collector = await StartCollectorAsync();
        await using RunningWorker worker = await RunningWorker.StartAsync(
            patience.Token, "--set", $"Telemetry:OtlpEndpoint={collector.Urls.Single()}", "--set", "Telemetry:ExportInterval=00:00:01", "--set", "Telemetry:SampleRatio=0");
        await worker.FeedAsync(200, 0, patience.Token, TraceParent);

        await using var output = new OutputTopic(worker.Servers.Broker.Bootstrap, 2);
        await output.HasAsync(1, patience.Token);
        await ReceivedAsync("metrics", "streamscorer.events.consumed");
        await ReceivedAsync("metrics", "streamscorer.publish.latency");
        await ReceivedAsync("metrics", "dotnet.gc.collections");
        worker.Program.Terminate();
        Assert.Equal(0, (await worker.Program.EndAsync()).ExitCode);

        byte[] batch = await ReceivedAsync("traces", "batch"), transition = await ReceivedAsync("traces", "transition");
        byte[] traceId = Convert.FromHexString(TraceId);
        Assert.True(batch.AsSpan().IndexOf(traceId) >= 0, "the batch is linked to the trace of its events");
        Assert.True(transition.AsSpan().IndexOf(traceId) >= 0, "the transition is part of the trace of its event");
        PublishedRecord[] caused = [.. (await output.ReadAsync()).Where(record => Encoding.UTF8.GetString(record.Value!).Contains("\"cause\":\"event\"", StringComparison.Ordinal))];
        Assert.NotEmpty(caused);
        Assert.All(caused, record => Assert.Equal(TraceParent, OutputTopic.Header(record, "traceparent")));
    }

    private async Task<WebApplication> StartCollectorAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication collector = builder.Build();
        collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            Assert.Equal("application/x-protobuf", request.ContentType);
            received.Enqueue((signal, body.ToArray()));
        });
        await collector.StartAsync(patience.Token);
        return collector;
    }

    // A name is in the protobuf message as its UTF-8 bytes.
    private async Task<byte[]> ReceivedAsync(string signal, string name)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        while (true)
        {
            if (received.FirstOrDefault(message => message.Signal == signal && message.Body.AsSpan().IndexOf(wanted) >= 0).Body is byte[] found)
                return found;
            await look.WaitForNextTickAsync(patience.Token);
        }
    }
}
