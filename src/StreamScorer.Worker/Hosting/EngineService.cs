using StreamScorer.Engine;

namespace StreamScorer.Worker.Hosting;

/// <summary>The engine as a part of the host. When it fails, the host stops and the process ends with the failure.</summary>
internal sealed class EngineService(StreamEngine engine, TimeProvider time, IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <summary>Why the engine ended by itself; null while it runs and after a graceful stop.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await EngineRunner.RunAsync(engine, time, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before it had connected: there is nothing to drain.
        }
        catch (Exception e)
        {
            Failure = e;
            lifetime.StopApplication();
        }
    }
}
