using System.Buffers.Text;

namespace StreamScorer.Worker.Input;

/// <summary>
/// ISO 8601 instants as files have them: <c>2010-12-01</c>, <c>2010-12-01 08:26</c>, <c>2010-12-01T08:26:00.123+01:00</c>.
/// Without a zone it is UTC; a date alone is its midnight. Other orders of day and month are refused, because they cannot be told apart.
/// </summary>
public static class EventTime
{
    /// <summary>Longest text that <see cref="Format"/> writes.</summary>
    public const int FormattedLengthMax = 28;

    /// <summary>Reads an instant.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTime utc)
    {
        utc = default;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-'
            || !Digits(text[..4], out int year) || !Digits(text[5..7], out int month) || !Digits(text[8..10], out int day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        utc = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        text = text[10..];
        return text.IsEmpty || ((text[0] == 'T' || text[0] == ' ') && TryAddTimeOfDay(text[1..], ref utc));
    }

    /// <summary>Writes RFC 3339 with Z, and only as many decimals of a second as there are. Returns the length.</summary>
    public static int Format(DateTime utc, Span<byte> destination)
    {
        if (destination.Length < FormattedLengthMax)
            throw new ArgumentException($"needs {FormattedLengthMax} bytes", nameof(destination));
        // The round-trip format always has seven decimals, and unlike one of our own is not interpreted letter by letter.
        Utf8Formatter.TryFormat(DateTime.SpecifyKind(utc, DateTimeKind.Utc), destination, out int written, 'O');
        int end = destination[..(written - 1)].TrimEnd((byte)'0').TrimEnd((byte)'.').Length;
        destination[end] = (byte)'Z';
        return end + 1;
    }

    /// <summary>Unix milliseconds, rounded down.</summary>
    public static long ToUnixMs(DateTime utc) => new DateTimeOffset(utc).ToUnixTimeMilliseconds();

    private static bool TryAddTimeOfDay(ReadOnlySpan<byte> text, ref DateTime utc)
    {
        if (text.Length < 5 || text[2] != ':' || !Digits(text[..2], out int hour) || !Digits(text[3..5], out int minute) || hour > 23 || minute > 59)
            return false;
        text = text[5..];
        int second = 0;
        if (text.Length >= 3 && text[0] == ':')
        {
            if (!Digits(text[1..3], out second) || second > 59)
                return false;
            text = text[3..];
        }
        if (!TryTakeFraction(ref text, out long ticks) || !TryReadZone(text, out int offsetMinutes))
            return false;
        long total = utc.Ticks + (((hour * 60L) + minute - offsetMinutes) * TimeSpan.TicksPerMinute) + (second * TimeSpan.TicksPerSecond) + ticks;
        if (total < 0 || total > DateTime.MaxValue.Ticks)
            return false;
        utc = new DateTime(total, DateTimeKind.Utc);
        return true;
    }

    private static bool TryTakeFraction(ref ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty || text[0] != '.')
            return true;
        int end = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        int digits = end < 0 ? text.Length - 1 : end;
        for (int i = 0; i < 7; i++)
            ticks = (ticks * 10) + (i < digits ? text[1 + i] - '0' : 0);
        text = text[(1 + digits)..];
        return digits > 0;
    }

    private static bool TryReadZone(ReadOnlySpan<byte> text, out int offsetMinutes)
    {
        offsetMinutes = 0;
        if (text.IsEmpty || text.SequenceEqual("Z"u8))
            return true;
        if (text.Length != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':'
            || !Digits(text[1..3], out int hours) || !Digits(text[4..6], out int minutes) || hours > 23 || minutes > 59)
            return false;
        offsetMinutes = (text[0] == '-' ? -1 : 1) * ((hours * 60) + minutes);
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length && text[0] is >= (byte)'0' and <= (byte)'9';
}
