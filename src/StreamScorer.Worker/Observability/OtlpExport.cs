using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Observability;

/// <summary>Sends the metrics and spans to an OpenTelemetry collector. Exists only when one is configured; nothing waits for it.</summary>
internal sealed class OtlpExport(TelemetrySettings settings) : IHostedService
{
    private const int StopMaxMs = 2_000;

    private TracerProvider? traces;
    private MeterProvider? metrics;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault()
            .AddService("streamscorer", serviceVersion: ClientOptions.Version, serviceInstanceId: Environment.MachineName + ":" + Environment.ProcessId);
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Tracing.SourceName)
            .SetSampler(new CauseSampler(settings.SampleRatio))
            .AddOtlpExporter(exporter => Address(exporter, "traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Metrics.MeterName, "System.Runtime")
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddOtlpExporter((exporter, reader) =>
            {
                Address(exporter, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.ExportInterval.TotalMilliseconds;
            })
            .Build();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        // Sends what is left, and gives up on a collector that is away: a stop must not wait for those who watch.
        await Task.WhenAll(Task.Run(() => traces?.Shutdown(StopMaxMs), cancellationToken), Task.Run(() => metrics?.Shutdown(StopMaxMs), cancellationToken));

    private void Address(OtlpExporterOptions exporter, string signal)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(new Uri(settings.OtlpEndpoint), "v1/" + signal);
    }
}
