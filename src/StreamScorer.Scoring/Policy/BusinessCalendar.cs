using System.Runtime.CompilerServices;

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
            long offset = OffsetMs(zone, fromMs + DayMs);
            changes.Add(WithoutSecondStart(FirstChangeMs(zone, fromMs, fromMs + DayMs), offsets[^1], offset));
            offsets.Add(offset);
        }
        changesMs = [.. changes];
        offsetsMs = [.. offsets];
    }

    /// <summary>The local day that contains an instant; never goes back as time goes on.</summary>
    /// <param name="unixMs">Unix milliseconds.</param>
    public int DayOf(long unixMs) => FloorDay(unixMs + OffsetAt(unixMs));

    /// <summary>First instant of the local day that contains an instant, unix milliseconds.</summary>
    public long DayStartMs(long unixMs, out int day)
    {
        if (offsetsMs.Length > 1)
            return StartMs(day = DayOf(unixMs));
        day = FloorDay(unixMs + offsetsMs[0]);
        return day * DayMs - offsetsMs[0];
    }

    /// <summary>First instant of a local day, unix milliseconds; of a day that the zone left out, the first instant behind it.</summary>
    public long StartMs(int day)
    {
        long localMs = day * DayMs;
        long start = localMs - OffsetAt(localMs - OffsetAt(localMs));
        bool isExact = offsetsMs.Length == 1 || (DayOf(start) == day && DayOf(start - 1) < day);
        return isExact ? start : SearchStartMs(day, localMs - DayMs, localMs + DayMs);
    }

    private long SearchStartMs(int day, long lowMs, long highMs)
    {
        while (lowMs < highMs)
        {
            long middle = lowMs + (highMs - lowMs) / 2;
            (lowMs, highMs) = DayOf(middle) >= day ? (lowMs, middle) : (middle + 1, highMs);
        }
        return highMs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FloorDay(long localMs) => (int)Math.DivRem(localMs, DayMs, out long rest) - (rest < 0 ? 1 : 0);

    // Where clocks go back over midnight (St. John's did at 00:01) a day would begin twice, and a purchase could fall before the day of an earlier one: there
    // the old offset stays until the new one reaches the day that has begun.
    private static long WithoutSecondStart(long changeMs, long before, long after)
    {
        int begun = FloorDay(changeMs - 1 + before);
        return FloorDay(changeMs + after) < begun ? begun * DayMs - after : changeMs;
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
