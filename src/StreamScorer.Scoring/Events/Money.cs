using System.Buffers.Text;

namespace StreamScorer.Scoring.Events;

/// <summary>
/// Fixed-point money: a <see cref="long"/> counting 1/10,000 of the base currency, so that sums are exact and the same in any order.
/// </summary>
public static class Money
{
    /// <summary>Units in one whole currency unit.</summary>
    public const long Unit = 10_000;

    /// <summary>Largest amount of one event: 100 thousand million currency units, which leaves room for 9,000 such events in a sum.</summary>
    public const long AmountMax = 100_000_000_000 * Unit;

    /// <summary>Whole and fractional currency units.</summary>
    public static double ToDouble(long money) => (double)money / Unit;

    /// <summary>Nearest fixed-point amount; saturates at the range of <see cref="long"/>.</summary>
    public static long FromDouble(double amount) => (long)Math.Round(amount * Unit);

    /// <summary>Exact decimal amount.</summary>
    public static decimal ToDecimal(long money) => (decimal)money / Unit;

    /// <summary>Sum that stops at the ends of the range instead of wrapping to the other sign.</summary>
    public static long Add(long a, long b)
    {
        long sum = unchecked(a + b);
        bool overflowed = ((a ^ sum) & (b ^ sum)) < 0;
        return !overflowed ? sum : a < 0 ? long.MinValue : long.MaxValue;
    }

    /// <summary>
    /// Reads a decimal number such as <c>12.34</c> or <c>1.5e3</c> exactly; digits behind the fourth decimal are rounded half to even.
    /// </summary>
    /// <returns>False when it is no number or its magnitude is above <see cref="AmountMax"/>.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out long money) => TryParsePlain(utf8, out money) || TryParseAny(utf8, out money);

    private static bool TryParsePlain(ReadOnlySpan<byte> utf8, out long money)
    {
        money = 0;
        bool negative = !utf8.IsEmpty && utf8[0] == '-';
        int at = negative ? 1 : 0;
        int decimals = -1;
        long value = 0;
        if (utf8.Length - at is 0 or > 17)
            return false;
        for (; at < utf8.Length; at++)
        {
            byte c = utf8[at];
            if (c == '.' && decimals < 0)
                decimals = 0;
            else if (c is >= (byte)'0' and <= (byte)'9')
            {
                value = value * 10 + (c - '0');
                if (decimals >= 0)
                    decimals++;
            }
            else
                return false;
        }
        if (decimals is 0 or > 4)
            return false;
        // Checked before each step, because a product beyond the range of long wraps around to an amount that looks allowed.
        for (int i = Math.Max(decimals, 0); i < 4 && value <= AmountMax; i++)
            value *= 10;
        money = negative ? -value : value;
        return value <= AmountMax;
    }

    private static bool TryParseAny(ReadOnlySpan<byte> utf8, out long money)
    {
        money = 0;
        if (!Utf8Parser.TryParse(utf8, out decimal amount, out int consumed, 'e') && !Utf8Parser.TryParse(utf8, out amount, out consumed))
            return false;
        if (consumed != utf8.Length || Math.Abs(amount) > AmountMax / Unit)
            return false;
        money = (long)Math.Round(amount * Unit, MidpointRounding.ToEven);
        return true;
    }
}
