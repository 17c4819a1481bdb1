using System.Globalization;

namespace StreamScorer.Scoring.Signals.Explanations;

/// <summary>Numbers for people.</summary>
internal static class Number
{
    /// <summary>Up to six significant digits, without an exponent where a person would write none.</summary>
    public static string Text(double value) =>
        Math.Abs(value) is >= 1e5 and < 1e15 ? value.ToString("0.##", CultureInfo.InvariantCulture) : value.ToString("G6", CultureInfo.InvariantCulture);
}
