using System.Globalization;

namespace StreamScorer.Scoring.Policy;

/// <summary>
/// The constants that every customer's stored sums were built with: the sums cannot be taken to another value without the events behind them. Everything else
/// acts when tiers are assessed, so that it can change at any time.
/// </summary>
public static class AccumulatingConstants
{
    private static readonly (string Key, Func<ScoringPolicy, string> Of)[] constants =
    [
        ("businessTimeZone", policy => policy.BusinessTimeZone),
        ("baseCurrency", policy => policy.BaseCurrency),
        ("rates", policy => string.Join(", ", policy.Rates.Select(rate => $"{rate.Key} {rate.Value.ToString("G29", CultureInfo.InvariantCulture)}"))),
        ("value.discountRatePerYear", policy => Text(policy.Value.DiscountRatePerYear)),
        ("value.profitHalfLifeDays", policy => Text(policy.Value.ProfitHalfLifeDays)),
        ("value.fastHalfLifeDays", policy => Text(policy.Value.FastHalfLifeDays)),
        ("value.slowHalfLifeDays", policy => Text(policy.Value.SlowHalfLifeDays)),
        ("degrees.contactHalfLifeDays", policy => Text(policy.Degrees.ContactHalfLifeDays)),
        ("degrees.ratingHalfLifeDays", policy => Text(policy.Degrees.RatingHalfLifeDays)),
        ("degrees.complaintHalfLifeDays", policy => Text(policy.Degrees.ComplaintHalfLifeDays)),
        ("degrees.referralHalfLifeDays", policy => Text(policy.Degrees.ReferralHalfLifeDays)),
        ("degrees.retentionPeriodDays", policy => Text(policy.Degrees.RetentionPeriodDays)),
        ("degrees.satisfactionFactors", policy => string.Join(", ", policy.Degrees.SatisfactionFactors)),
    ];

    /// <summary>Their keys in the file.</summary>
    public static IEnumerable<string> Keys => constants.Select(constant => constant.Key);

    /// <summary>Those that differ, each as "key: old -> new"; empty when <paramref name="next"/> can go on over what <paramref name="stored"/> built.</summary>
    public static IReadOnlyList<string> Differences(ScoringPolicy stored, ScoringPolicy next) =>
        [.. from constant in constants
            let before = constant.Of(stored)
            let after = constant.Of(next)
            where before != after
            select $"{constant.Key}: {before} -> {after}"];

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
