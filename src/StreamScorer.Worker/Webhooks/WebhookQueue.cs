using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Web.Streams;

namespace StreamScorer.Worker.Webhooks;

/// <summary>
/// Sends one endpoint its transitions, of several customers at once, of each customer one after the other. What is done is stored behind every answer: after a
/// crash the last messages may come again, with the same ids and in the same order per customer.
/// </summary>
internal sealed class WebhookQueue(
    WebhookEndpoint endpoint, WebhookFile file, WebhookClient client, TransitionFeed feed, WebhookSettings settings, TimeProvider time, ILogger logger)
{
    private const int UnderWayMax = 8;
    private const int ParkedMax = 10_000;

    // Messages in memory and in the progress file. With this many undone the endpoint is read no further until one is delivered or parked.
    private const int WaitingMax = 2_000;

    private static readonly TimeSpan pauseMax = TimeSpan.FromHours(1);
    private static readonly TimeSpan lookInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Task<string?>, Attempt> underWay = [];

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Sends until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                file.BeginReplay(endpoint.Id);
                await SendAsync(file.ProgressOf(endpoint.Id) ?? await BeginAsync(stopping), stopping);
            }
        }
        finally
        {
            await EndUnderWayAsync();
        }
    }

    /// <summary>A new endpoint hears of what happens from now on.</summary>
    private async Task<WebhookProgress> BeginAsync(CancellationToken stopping)
    {
        var progress = new WebhookProgress(Cursor.Format(await feed.EndAsync(stopping)), []);
        file.Write(endpoint.Id, progress);
        return progress;
    }

    /// <summary>Returns when a replay is asked for.</summary>
    private async Task SendAsync(WebhookProgress progress, CancellationToken stopping)
    {
        var schedule = new DeliverySchedule(Positions(progress.Cursor), Positions(progress.Seen ?? progress.Cursor), progress.Waiting);
        FeedReader reader = feed.Open(endpoint.Filter, [.. schedule.ReadTo]);
        Task<IReadOnlyList<FeedItem>?>? reading = null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            while (!file.IsReplayAsked(endpoint.Id))
            {
                if (schedule.WaitingCount < WaitingMax)
                    reading ??= reader.ReadAsync(ended.Token).AsTask();
                StartDue(schedule, stopping);
                await WaitAsync(schedule, reading, ended.Token);
                if (reading is { IsCompleted: true })
                {
                    if (await reading is { } items)
                        Take(schedule, reader, items);
                    else
                        reader = await ReopenAsync(reader, schedule);
                    reading = null;
                }
                progress = Save(schedule, progress, await FinishAnsweredAsync(schedule));
            }
        }
        finally
        {
            await ended.CancelAsync();
            await (reading?.ContinueWith(static _ => { }, TaskScheduler.Default) ?? Task.CompletedTask);
            await EndUnderWayAsync();
            await reader.DisposeAsync();
        }
    }

    /// <summary>The feed let this reader go, because the endpoint was too slow for it: what waits goes on waiting, and reading begins where it ended.</summary>
    private async Task<FeedReader> ReopenAsync(FeedReader reader, DeliverySchedule schedule)
    {
        await reader.DisposeAsync();
        return feed.Open(endpoint.Filter, [.. schedule.ReadTo]);
    }

    private static void Take(DeliverySchedule schedule, FeedReader reader, IReadOnlyList<FeedItem> items)
    {
        foreach (FeedItem item in items)
        {
            if (item.Kind != FeedItemKind.Heartbeat)
                schedule.Add(item);
            reader.Passed(item);
        }
        schedule.Look(reader.Positions);
    }

    private void StartDue(DeliverySchedule schedule, CancellationToken stopping)
    {
        while (underWay.Count < UnderWayMax && schedule.Take(NowMs) is { } attempt)
            underWay.Add(client.PostAsync(endpoint, attempt.Item.Id, attempt.Item.Json, stopping), attempt);
    }

    /// <summary>Until there is something to do, at most until the next look whether a replay is asked for.</summary>
    private async Task WaitAsync(DeliverySchedule schedule, Task? reading, CancellationToken ended)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(ended);
        TimeSpan wait = lookInterval;
        if (schedule.NextDueMs is long dueMs && underWay.Count < UnderWayMax && dueMs < NowMs + wait.TotalMilliseconds)
            wait = TimeSpan.FromMilliseconds(Math.Max(0, dueMs - NowMs));
        await Task.WhenAny([Task.Delay(wait, time, awake.Token), .. underWay.Keys, .. reading is null ? Array.Empty<Task>() : [reading]]);
        await awake.CancelAsync();
        ended.ThrowIfCancellationRequested();
    }

    /// <summary>Judges what has been answered; returns the ids that are given up.</summary>
    private async Task<List<string>> FinishAnsweredAsync(DeliverySchedule schedule)
    {
        var parked = new List<string>();
        foreach (Task<string?> answered in underWay.Keys.Where(task => task.IsCompleted).ToArray())
        {
            underWay.Remove(answered, out Attempt? attempt);
            string? failure = await answered;
            if (failure is not null && NowMs - attempt!.FirstAttemptMs < settings.RetryMax.TotalMilliseconds)
            {
                logger.WebhookFailed(endpoint.Id, failure);
                schedule.Pause(attempt.Item, NowMs + (long)PauseAfter(attempt.EarlierAttempts).TotalMilliseconds);
                continue;
            }
            if (failure is not null)
            {
                logger.WebhookParked(endpoint.Id, failure);
                parked.Add(attempt!.Item.Id);
            }
            schedule.Finish(attempt!.Item);
        }
        return parked;
    }

    private TimeSpan PauseAfter(int earlierAttempts)
    {
        double pauseMs = Math.Min(pauseMax.TotalMilliseconds, settings.RetryPause.TotalMilliseconds * Math.Pow(2, earlierAttempts));
        // Up to as much again: messages that failed together must not come back together.
        return TimeSpan.FromMilliseconds(pauseMs * (1 + Random.Shared.NextDouble()));
    }

    private WebhookProgress Save(DeliverySchedule schedule, WebhookProgress before, List<string> parked)
    {
        var next = new WebhookProgress(Cursor.Format([.. schedule.Low]), parked.Count == 0 ? before.Parked : [.. before.Parked.Concat(parked).TakeLast(ParkedMax)])
        {
            Seen = Cursor.Format([.. schedule.Seen]),
            Waiting = [.. schedule.Waiting],
        };
        if (next.Cursor == before.Cursor && next.Seen == before.Seen && next.Parked == before.Parked && next.Waiting.SequenceEqual(before.Waiting))
            return before;
        file.Write(endpoint.Id, next);
        return next;
    }

    private long[] Positions(string cursor) => Cursor.TryParse(cursor, feed.PartitionCount, out long[] positions)
        ? positions
        : throw new OptionsException([$"webhook {endpoint.Id}: cursor \"{cursor}\" is not one of this output; replay it from another"]);

    /// <summary>Nothing may still be under way when sending begins anew: two messages of one customer could overtake one another.</summary>
    private async Task EndUnderWayAsync()
    {
        await Task.WhenAll(underWay.Keys.Select(task => task.ContinueWith(static _ => { }, TaskScheduler.Default)));
        underWay.Clear();
    }
}
