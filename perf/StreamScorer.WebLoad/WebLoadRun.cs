namespace StreamScorer.WebLoad;

/// <summary>Starts a worker, opens the streams, sends the load, checks what came.</summary>
internal static class WebLoadRun
{
    /// <summary>The whole run.</summary>
    public static async Task<WebLoadReport> RunAsync(WebLoadOptions options, CancellationToken cancellation)
    {
        var wrong = new WrongAnswers();
        await using ServedWorker worker = await ServedWorker.StartAsync(options, cancellation);
        await worker.HistoryScoredAsync(options.Streams, cancellation);
        await using var streams = new BadgeStreams(worker.Http, wrong);
        await streams.OpenAsync(options.Streams, cancellation);
        var load = new OpenLoop(worker.Http, options, wrong);
        await load.RunAsync(WebLoadOptions.WarmUpSeconds, cancellation);

        (long scoredBefore, _) = await worker.StatusAsync(cancellation);
        long badgesBefore = streams.Badges;
        (Latencies lookups, Latencies empty, Latencies late) = await load.RunAsync(options.Seconds, cancellation);
        (long scored, long lag) = await worker.StatusAsync(cancellation);

        var report = new WebLoadReport(
            options.Streams, streams.OpenCount, streams.Badges - badgesBefore, scored - scoredBefore, lag, options.LookupsPerSecond, options.Seconds,
            lookups.Quantile(0.5), lookups.Quantile(0.99), empty.Quantile(0.5), empty.Quantile(0.99), lookups.Quantile(1), late.Quantile(0.99));
        wrong.Expect(report.StreamsOpen == options.Streams, $"{report.StreamsOpen} of {options.Streams} streams are open at the end");
        wrong.Expect(report.EventsScored > 0, "no event was scored meanwhile");
        wrong.Expect(report.BadgesReceived > 0, "no badge came meanwhile");
        return report with { Wrong = wrong.First };
    }
}
