using System.Text;
using StreamScorer.Worker.Input;

namespace StreamScorer.Worker.Replay;

/// <summary>Sends a file through a feed: all its records in order, then one clock record per partition.</summary>
internal static class FileFeeder
{
    // Often enough for a smooth bar and an early end, seldom enough to cost nothing.
    private const int RecordsPerReport = 4_096;

    /// <summary>Returns when everything is durable.</summary>
    /// <param name="request">The file, its columns, and the instant at which the clock ends.</param>
    /// <param name="feed">Where the records go.</param>
    /// <param name="read">Receives the share of the file that has been read, 0..1.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The instant of the clock records, unix milliseconds, or null when the file has no time at all.</returns>
    /// <exception cref="EventFileException">The file cannot be read.</exception>
    public static async Task<long?> FeedAsync(ReplayRequest request, IReplayFeed feed, Action<double> read, CancellationToken cancellation)
    {
        using EventFile file = EventFile.Open(request.File, request.Map);
        long? lastUnixMs = request.AsOf is DateTime asOf ? EventTime.ToUnixMs(asOf) : null;
        for (long records = 1; file.Read(); records++)
        {
            if (file.TimeUnixMs is long timeUnixMs && timeUnixMs > (lastUnixMs ?? long.MinValue))
                lastUnixMs = timeUnixMs;
            await feed.AppendAsync(file.Key, file.Value, file.TimeUnixMs ?? 0, cancellation);
            if (records % RecordsPerReport != 0)
                continue;
            cancellation.ThrowIfCancellationRequested();
            read(file.Fraction);
        }
        if (lastUnixMs is long endUnixMs)
            await feed.AppendClockAsync(ClockRecord(endUnixMs), endUnixMs, cancellation);
        await feed.FlushAsync(cancellation);
        read(1);
        return lastUnixMs;
    }

    private static byte[] ClockRecord(long unixMs)
    {
        Span<byte> time = stackalloc byte[EventTime.FormattedLengthMax];
        int length = EventTime.Format(DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime, time);
        return Encoding.UTF8.GetBytes($$"""{"type":"clock","time":"{{Encoding.UTF8.GetString(time[..length])}}"}""");
    }
}
