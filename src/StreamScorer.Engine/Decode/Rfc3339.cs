namespace StreamScorer.Engine.Decode;

/// <summary>Reads dates and date-times of RFC 3339. Allocates nothing; strict, because a guessed instant would be a wrong deadline.</summary>
internal static class Rfc3339
{
    /// <summary>First and last year read: those of the business calendar.</summary>
    public const int YearMin = 1900, YearMax = 2199;

    private const long DayMs = 86_400_000;
    private static readonly int UnixEpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>
    /// Reads <c>2026-11-03T08:00:00.123+01:00</c>. An offset or Z is required; fractions beyond milliseconds are cut; a leap second is the instant behind it.
    /// </summary>
    public static bool TryReadTime(ReadOnlySpan<byte> text, out long unixMs)
    {
        unixMs = 0;
        if (text.Length < 20 || !TryReadDate(text[..10], out int day) || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':')
            return false;
        uint hour = TwoDigits(text, 11), minute = TwoDigits(text, 14), second = TwoDigits(text, 17);
        if (hour > 23 || minute > 59 || second > 60)
            return false;
        ReadOnlySpan<byte> rest = text[19..];
        if (!TryReadFraction(ref rest, out int milliseconds) || !TryReadOffset(rest, out int offsetMinutes))
            return false;
        unixMs = day * DayMs + (((int)(hour * 60 + minute) - offsetMinutes) * 60L + second) * 1000 + milliseconds;
        return true;
    }

    /// <summary>Reads <c>2026-11-03</c> as days since 1970-01-01.</summary>
    public static bool TryReadDate(ReadOnlySpan<byte> text, out int day)
    {
        day = 0;
        if (text.Length != 10 || text[4] != '-' || text[7] != '-')
            return false;
        uint century = TwoDigits(text, 0), yearOfCentury = TwoDigits(text, 2), month = TwoDigits(text, 5), dayOfMonth = TwoDigits(text, 8);
        if (century > 99 || yearOfCentury > 99 || month - 1 > 11)
            return false;
        int year = (int)(century * 100 + yearOfCentury);
        if (year is < YearMin or > YearMax || dayOfMonth - 1 >= DateTime.DaysInMonth(year, (int)month))
            return false;
        day = new DateOnly(year, (int)month, (int)dayOfMonth).DayNumber - UnixEpochDay;
        return true;
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> rest, out int milliseconds)
    {
        milliseconds = 0;
        if (rest[0] != '.')
            return true;
        int digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits <= 0)
            return false;
        for (int i = 1; i <= 3; i++)
            milliseconds = milliseconds * 10 + (i <= digits ? rest[i] - '0' : 0);
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1)
            return (text[0] | 0x20) == 'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || TwoDigits(text, 1) > 23 || TwoDigits(text, 4) > 59)
            return false;
        minutes = (text[0] == '-' ? -1 : 1) * (int)(TwoDigits(text, 1) * 60 + TwoDigits(text, 4));
        return true;
    }

    // Above 99 when one of the two is no digit.
    private static uint TwoDigits(ReadOnlySpan<byte> text, int at)
    {
        uint tens = (uint)(text[at] - '0'), units = (uint)(text[at + 1] - '0');
        return tens > 9 || units > 9 ? 100 : tens * 10 + units;
    }
}
