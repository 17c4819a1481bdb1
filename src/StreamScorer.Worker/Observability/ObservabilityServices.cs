using StreamScorer.Engine;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;
using StreamScorer.Worker.Observability.Health;
using StreamScorer.Worker.Observability.Prometheus;

namespace StreamScorer.Worker.Observability;

/// <summary>What watches the worker.</summary>
internal static class ObservabilityServices
{
    /// <summary>Adds it, and the engine's observer. The metrics exist with or without a web surface: they can leave by OTLP too.</summary>
    public static void Add(IServiceCollection services, StreamScorerOptions options, int partitionCount)
    {
        services.AddSingleton(options.Health);
        services.AddSingleton<LatencyWindow>();
        services.AddSingleton(provider => new EngineState(partitionCount, Time(provider)));
        services.AddSingleton(provider => new EngineDurations(partitionCount, Time(provider), provider.GetRequiredService<LatencyWindow>()));
        services.AddSingleton(provider => new Tracing(partitionCount, Time(provider)));
        services.AddSingleton<EngineLog>();
        services.AddSingleton<IEngineObserver>(provider => new ObserverChain(
            provider.GetRequiredService<EngineLog>(), provider.GetRequiredService<EngineState>(),
            provider.GetRequiredService<EngineDurations>(), provider.GetRequiredService<Tracing>()));
        services.AddSingleton<StatusReader>();
        services.AddSingleton<HealthMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<HealthMonitor>());
        services.AddSingleton(CreateMetrics);
        services.AddSingleton(CreateCollector);
        services.AddHostedService<MetricsService>();
        if (options.Telemetry.OtlpEndpoint.Length == 0)
            return;
        services.AddSingleton(options.Telemetry);
        services.AddHostedService<OtlpExport>();
    }

    private static Metrics CreateMetrics(IServiceProvider provider)
    {
        HealthMonitor monitor = provider.GetRequiredService<HealthMonitor>();
        return new Metrics(
            provider.GetRequiredService<EngineState>(), provider.GetRequiredService<StreamEngine>(), provider.GetRequiredService<ScoringRules>(),
            provider.GetRequiredService<EngineDurations>(), Time(provider), () => monitor.Ready.IsOk);
    }

    private static MetricCollector CreateCollector(IServiceProvider provider)
    {
        provider.GetRequiredService<Metrics>();
        return new MetricCollector(Time(provider));
    }

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
