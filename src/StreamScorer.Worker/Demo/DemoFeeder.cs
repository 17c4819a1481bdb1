using System.Text;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Log;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Input;

namespace StreamScorer.Worker.Demo;

/// <summary>
/// Feeds the standalone log with invented customers: eighteen months at once, then day by day on a calendar of its own that runs faster than the wall
/// clock, so that seasons, churn and silence can be watched. When the calendar reaches the present it goes on at the pace of the present.
/// </summary>
internal sealed class DemoFeeder(StandaloneLog log, DemoSettings settings, TimeProvider time, ILogger<DemoFeeder> logger) : BackgroundService
{
    private static readonly DateTime calendarStart = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime historyEnd = calendarStart.AddMonths(18);
    private static readonly TimeSpan paceInterval = TimeSpan.FromMilliseconds(50);

    // What is appended together is scored only when all of it is invented; small enough that the first tiers are there at once.
    private const int RecordsPerAppend = 500;

    private readonly EventJson json = new();
    private readonly LogBlock[] blocks = [.. Enumerable.Range(0, log.PartitionCount).Select(_ => new LogBlock())];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await FeedAsync(stoppingToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The engine goes on with what the log has.
            logger.DemoFailed(e);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        json.Dispose();
        base.Dispose();
    }

    private async Task FeedAsync(CancellationToken stopping)
    {
        long skipped = Enumerable.Range(0, log.PartitionCount).Sum(partition => log.GetOffsets(StandaloneLog.Transactions, partition).End);
        using IEnumerator<DemoEvent> events = new DemoStream(settings.Customers, settings.Seed, calendarStart).GetEnumerator();
        for (long i = 0; i <= skipped; i++)
            events.MoveNext();
        DateTime resumedUtc = events.Current.Utc > historyEnd ? events.Current.Utc : historyEnd;
        logger.DemoStarted(settings.Customers, skipped, resumedUtc);

        long start = time.GetTimestamp();
        using var pace = new PeriodicTimer(paceInterval, time);
        do
        {
            DateTime presentUtc = time.GetUtcNow().UtcDateTime;
            DateTime calendar = resumedUtc.AddDays(time.GetElapsedTime(start).TotalDays * 86_400 * settings.DaysPerSecond);
            await AppendUntilAsync(events, calendar < presentUtc ? calendar : presentUtc);
        }
        while (await pace.WaitForNextTickAsync(stopping));
    }

    private async Task AppendUntilAsync(IEnumerator<DemoEvent> events, DateTime untilUtc)
    {
        while (events.Current.Utc <= untilUtc)
        {
            int partition = Add(events.Current);
            events.MoveNext();
            if (blocks[partition].Count >= RecordsPerAppend)
                await AppendAsync(partition);
        }
        for (int partition = 0; partition < blocks.Length; partition++)
            await AppendAsync(partition);
    }

    private async Task AppendAsync(int partition)
    {
        if (blocks[partition].Count == 0)
            return;
        await log.AppendAsync(partition, blocks[partition]);
        blocks[partition].Clear();
    }

    private int Add(DemoEvent e)
    {
        byte[] key = Encoding.UTF8.GetBytes(e.CustomerId);
        json.Begin(key, Encoding.UTF8.GetBytes($"demo-{e.Number}"), e.Utc, e.IsRefund ? "refund"u8 : "purchase"u8);
        json.Amount(e.Amount);
        json.Cost(e.Cost, returned: e.IsRefund);
        json.Text("category", Encoding.UTF8.GetBytes(e.Category));
        json.Text("channel", Encoding.UTF8.GetBytes(e.Channel));
        json.End();
        int partition = Partitioner.Murmur2(key, blocks.Length);
        // The time of arrival, as of any record: the calendar is in the event.
        blocks[partition].Add(time.GetUtcNow().ToUnixTimeMilliseconds(), key, json.Written.Span);
        return partition;
    }
}
