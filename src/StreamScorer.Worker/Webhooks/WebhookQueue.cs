using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Web.Streams;

namespace StreamScorer.Worker.Webhooks;

/// <summary>
/// Sends one endpoint its transitions, one after the other in the order of the feed, so that a customer's never overtake one another. The cursor is stored
/// behind every delivery: after a crash the last one may come again, with the same id.
/// </summary>
internal sealed class WebhookQueue(
    WebhookEndpoint endpoint, WebhookFile file, WebhookClient client, TransitionFeed feed, WebhookSettings settings, TimeProvider time, ILogger logger)
{
    private const int ParkedMax = 10_000;
    private static readonly TimeSpan pauseMax = TimeSpan.FromHours(1);

    /// <summary>Sends until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            file.BeginReplay(endpoint.Id);
            WebhookProgress progress = file.ProgressOf(endpoint.Id) ?? await BeginAsync(stopping);
            if (!Cursor.TryParse(progress.Cursor, feed.PartitionCount, out long[] from))
                throw new OptionsException([$"webhook {endpoint.Id}: cursor \"{progress.Cursor}\" is not one of this output; replay it from another"]);
            await using FeedReader reader = feed.Open(endpoint.Filter, from);
            await SendAsync(reader, progress, stopping);
        }
    }

    /// <summary>A new endpoint hears of what happens from now on.</summary>
    private async Task<WebhookProgress> BeginAsync(CancellationToken stopping)
    {
        var progress = new WebhookProgress(Cursor.Format(await feed.EndAsync(stopping)), []);
        file.Write(endpoint.Id, progress);
        return progress;
    }

    /// <summary>Returns when a replay is asked for, or when the feed let this reader go because the endpoint was too slow.</summary>
    private async Task SendAsync(FeedReader reader, WebhookProgress progress, CancellationToken stopping)
    {
        while (await reader.ReadAsync(stopping) is { } items)
        {
            foreach (FeedItem item in items)
            {
                if (file.IsReplayAsked(endpoint.Id))
                    return;
                IReadOnlyList<string> parked = progress.Parked;
                if (item.Kind != FeedItemKind.Heartbeat && !await DeliverAsync(item, stopping))
                    parked = [.. parked.Append(item.Id).TakeLast(ParkedMax)];
                string cursor = reader.Passed(item);
                if (cursor == progress.Cursor)
                    continue;
                progress = new WebhookProgress(cursor, parked);
                file.Write(endpoint.Id, progress);
            }
        }
    }

    private async Task<bool> DeliverAsync(FeedItem item, CancellationToken stopping)
    {
        long start = time.GetTimestamp();
        for (TimeSpan pause = settings.RetryPause; ; pause = pause * 2 > pauseMax ? pauseMax : pause * 2)
        {
            if (await client.PostAsync(endpoint, item.Id, item.Json, stopping) is not string failure)
                return true;
            if (time.GetElapsedTime(start) >= settings.RetryMax)
            {
                logger.WebhookParked(endpoint.Id, failure);
                return false;
            }
            logger.WebhookFailed(endpoint.Id, failure);
            // Up to as much again: endpoints that failed together must not come back together.
            await Task.Delay(pause * (1 + Random.Shared.NextDouble()), time, stopping);
        }
    }
}
