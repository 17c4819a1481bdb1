namespace StreamScorer.Scoring.Policy;

/// <summary>
/// Days of the business's time zone, as a table of offsets from 1900 to 2200 so that the hot path neither allocates nor asks the operating system.
/// A day is a number: days since 1970-01-01 on the local calendar.
/// </summary>
public sealed class BusinessCalendar
{
    /// <summary>Milliseconds of a day of 24 hours.</summary>
    public const long DayMs = 86_400_000;

    private readonly long[] changesMs;
    private readonly long[] offsetsMs;

    /// <param name="zone">The policy's <c>businessTimeZone</c>.</param>
    public BusinessCalendar(TimeZoneInfo zone)
    {
        var changes = new List<long> { long.MinValue };
        var start = new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var offsets = new List<long> { OffsetMs(zone, start.ToUnixTimeMilliseconds()) };
        bool constant = !zone.SupportsDaylightSavingTime && zone.GetAdjustmentRules().Length == 0;
        for (int day = 0; !constant && day < 300 * 366; day++)
        {
            long fromMs = start.AddDays(day).ToUnixTimeMilliseconds();
            if (OffsetMs(zone, fromMs + DayMs) == offsets[^1])
                continue;
            changes.Add(FirstChangeMs(zone, fromMs, fromMs + DayMs));
            offsets.Add(OffsetMs(zone, fromMs + DayMs));
        }
        changesMs = [.. changes];
        offsetsMs = [.. offsets];
    }

    /// <summary>The local day that contains an instant.</summary>
    /// <param name="unixMs">Unix milliseconds.</param>
    public int DayOf(long unixMs) => (int)Math.DivRem(unixMs + OffsetAt(unixMs), DayMs, out long rest) - (rest < 0 ? 1 : 0);

    /// <summary>First instant of a local day, unix milliseconds; within an hour of it where clocks change at midnight.</summary>
    public long StartMs(int day)
    {
        long localMs = day * DayMs;
        return localMs - OffsetAt(localMs - OffsetAt(localMs));
    }

    private long OffsetAt(long unixMs)
    {
        if (offsetsMs.Length == 1)
            return offsetsMs[0];
        int at = Array.BinarySearch(changesMs, unixMs);
        return offsetsMs[at >= 0 ? at : ~at - 1];
    }

    private static long FirstChangeMs(TimeZoneInfo zone, long lowMs, long highMs)
    {
        long before = OffsetMs(zone, lowMs);
        while (highMs - lowMs > 1000)
        {
            long middle = lowMs + (highMs - lowMs) / 2000 * 1000;
            if (middle == lowMs)
                break;
            (lowMs, highMs) = OffsetMs(zone, middle) == before ? (middle, highMs) : (lowMs, middle);
        }
        return highMs;
    }

    private static long OffsetMs(TimeZoneInfo zone, long unixMs) =>
        (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(unixMs)).TotalMilliseconds;
}
