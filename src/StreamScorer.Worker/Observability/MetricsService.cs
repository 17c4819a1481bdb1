using StreamScorer.Worker.Observability.Prometheus;

namespace StreamScorer.Worker.Observability;

/// <summary>Makes the instruments exist before the engine runs: what is recorded before somebody listens is lost.</summary>
internal sealed class MetricsService(MetricCollector collector) : IHostedService
{
    /// <summary>What <c>/metrics</c> shows.</summary>
    public MetricCollector Collector { get; } = collector;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
