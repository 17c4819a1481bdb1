namespace StreamScorer.Engine.Decode;

/// <summary>Reads dates and date-times of RFC 3339. Allocates nothing; strict, because a guessed instant would be a wrong deadline.</summary>
internal static class Rfc3339
{
    /// <summary>First and last year read: those of the business calendar.</summary>
    public const int YearMin = 1900, YearMax = 2199;

    private const long DayMs = 86_400_000;

    /// <summary>
    /// Reads <c>2026-11-03T08:00:00.123+01:00</c>. An offset or Z is required; fractions beyond milliseconds are cut; a leap second is the instant behind it.
    /// </summary>
    public static bool TryReadTime(ReadOnlySpan<byte> text, out long unixMs)
    {
        unixMs = 0;
        if (text.Length < 20 || !TryReadDate(text[..10], out int day) || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':')
            return false;
        if (!TryReadNumber(text.Slice(11, 2), 0, 23, out int hour) || !TryReadNumber(text.Slice(14, 2), 0, 59, out int minute)
            || !TryReadNumber(text.Slice(17, 2), 0, 60, out int second))
            return false;
        ReadOnlySpan<byte> rest = text[19..];
        if (!TryReadFraction(ref rest, out int milliseconds) || !TryReadOffset(rest, out int offsetMinutes))
            return false;
        unixMs = day * DayMs + ((hour * 60 + minute - offsetMinutes) * 60L + second) * 1000 + milliseconds;
        return true;
    }

    /// <summary>Reads <c>2026-11-03</c> as days since 1970-01-01.</summary>
    public static bool TryReadDate(ReadOnlySpan<byte> text, out int day)
    {
        day = 0;
        if (text.Length != 10 || text[4] != '-' || text[7] != '-')
            return false;
        if (!TryReadNumber(text[..4], YearMin, YearMax, out int year) || !TryReadNumber(text.Slice(5, 2), 1, 12, out int month)
            || !TryReadNumber(text.Slice(8, 2), 1, DateTime.DaysInMonth(year, month), out int dayOfMonth))
            return false;
        day = new DateOnly(year, month, dayOfMonth).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
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
            || !TryReadNumber(text.Slice(1, 2), 0, 23, out int hour) || !TryReadNumber(text.Slice(4, 2), 0, 59, out int minute))
            return false;
        minutes = (text[0] == '-' ? -1 : 1) * (hour * 60 + minute);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> digits, int min, int max, out int number)
    {
        number = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            number = number * 10 + (digit - '0');
        }
        return number >= min && number <= max;
    }
}
