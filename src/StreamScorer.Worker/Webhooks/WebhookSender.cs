using System.Text.Json;
using StreamScorer.Engine.Publish;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Web.Streams;

namespace StreamScorer.Worker.Webhooks;

/// <summary>Keeps one queue running for each endpoint of the file, and follows the file's changes.</summary>
internal sealed class WebhookSender(WebhookFile file, TransitionFeed feed, WebhookSettings settings, TimeProvider time, ILogger<WebhookSender> logger)
    : BackgroundService
{
    private static readonly TimeSpan lookInterval = TimeSpan.FromSeconds(1);

    private readonly WebhookClient client = new(settings, time);
    private readonly Dictionary<string, (string Shape, CancellationTokenSource Stop, Task Running)> queues = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(lookInterval, time);
        try
        {
            do
            {
                await FollowFileAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            foreach (string id in queues.Keys.ToArray())
                await EndAsync(id);
            client.Dispose();
        }
    }

    private async Task FollowFileAsync(CancellationToken stopping)
    {
        IReadOnlyList<WebhookEndpoint> endpoints;
        try
        {
            endpoints = file.Endpoints;
        }
        catch (OptionsException e)
        {
            logger.WebhookFailed("(all)", e.Message);
            return;
        }
        Dictionary<string, (WebhookEndpoint Endpoint, string Shape)> wanted = endpoints.ToDictionary(e => e.Id, e => (e, JsonSerializer.Serialize(e)));
        foreach (string id in queues.Keys.Where(id => !wanted.TryGetValue(id, out var entry) || entry.Shape != queues[id].Shape || queues[id].Running.IsCompleted).ToArray())
            await EndAsync(id);
        foreach ((string id, (WebhookEndpoint endpoint, string shape)) in wanted.Where(pair => !queues.ContainsKey(pair.Key)).ToArray())
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var queue = new WebhookQueue(endpoint, file, client, feed, settings, time, logger);
            queues[id] = (shape, stop, RunAsync(queue, id, stop.Token));
        }
    }

    private async Task RunAsync(WebhookQueue queue, string id, CancellationToken stopping)
    {
        try
        {
            await queue.RunAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Ended: the stored cursor says where to go on.
        }
        catch (Exception e) when (e is OptionsException or TransitionSinkException)
        {
            // Begins again at the next look.
            logger.WebhookFailed(id, e.Message);
        }
    }

    private async Task EndAsync(string id)
    {
        (_, CancellationTokenSource stop, Task running) = queues[id];
        await stop.CancelAsync();
        await running;
        stop.Dispose();
        queues.Remove(id);
    }
}
