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

    private static ReadOnlySpan<int> Scales => [10_000, 1_000, 100, 10, 1];

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

    // Up to twelve digits and four decimals, which no amount that is allowed exceeds and a long holds.
    private static bool TryParsePlain(ReadOnlySpan<byte> utf8, out long money)
    {
        money = 0;
        bool negative = !utf8.IsEmpty && utf8[0] == '-';
        ReadOnlySpan<byte> digits = negative ? utf8[1..] : utf8;
        int whole = 0;
        long value = 0;
        for (; whole < digits.Length && (uint)(digits[whole] - '0') <= 9; whole++)
            value = value * 10 + (digits[whole] - '0');
        int decimals = Math.Max(digits.Length - whole - 1, 0);
        if (whole > 12 || decimals > 4 || digits.Length == 0 || (whole < digits.Length && (digits[whole] != '.' || decimals == 0)))
            return false;
        foreach (byte digit in digits[(digits.Length - decimals)..])
        {
            if ((uint)(digit - '0') > 9)
                return false;
            value = value * 10 + (digit - '0');
        }
        value *= Scales[decimals];
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
