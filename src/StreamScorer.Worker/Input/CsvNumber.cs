using System.Globalization;

namespace StreamScorer.Worker.Input;

/// <summary>Money and quantities in files: a decimal point, no thousands, at most four decimals kept (money is fixed point in 1/10,000).</summary>
internal static class CsvNumber
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    // Beyond this a sum of a few thousand amounts leaves what 64 bits of 1/10,000 can hold.
    private const decimal MagnitudeMax = 1e11m;

    /// <summary>Reads money; false when it is none or beyond what money can hold.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out decimal number) => TryParseExact(text, out number) && TryRound(ref number);

    /// <summary>The product of two texts, rounded to four decimals, halves away from zero.</summary>
    public static bool TryMultiply(ReadOnlySpan<byte> quantityText, ReadOnlySpan<byte> priceText, out decimal amount)
    {
        amount = 0;
        if (!TryParseExact(quantityText, out decimal quantity) || !TryParseExact(priceText, out decimal price))
            return false;
        amount = quantity * price;
        return TryRound(ref amount);
    }

    private static bool TryParseExact(ReadOnlySpan<byte> text, out decimal number) =>
        decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out number) && Math.Abs(number) <= MagnitudeMax;

    private static bool TryRound(ref decimal number)
    {
        if (number.Scale > 4)
            number = Math.Round(number, 4, MidpointRounding.AwayFromZero);
        return Math.Abs(number) <= MagnitudeMax;
    }
}
