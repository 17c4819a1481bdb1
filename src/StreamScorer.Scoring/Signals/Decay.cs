using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Signals;

/// <summary>
/// Exponential decay 2^(-t/h) of an add-only sum (forward decay: Cormode, Shkapenyuk, Srivastava, Xu, ICDE 2009). A sum is kept as of an instant;
/// moving it multiplies, so any order of additions gives the same sum up to rounding.
/// </summary>
public sealed class Decay
{
    private const int TableDays = 4096;
    private readonly double[] byDay = new double[TableDays];
    private readonly double perMs;

    /// <param name="halfLifeDays">Half-life h, days; positive.</param>
    public Decay(double halfLifeDays)
    {
        HalfLifeDays = halfLifeDays;
        perMs = -Math.Log(2) / (halfLifeDays * BusinessCalendar.DayMs);
        YearFactor = Math.Log(2) / halfLifeDays * ScoringRules.DaysPerYear;
        for (int day = 0; day < TableDays; day++)
            byDay[day] = double.Exp2(-day / halfLifeDays);
    }

    /// <summary>Half-life h, days.</summary>
    public double HalfLifeDays { get; }

    /// <summary>Factor of a whole number of days, not negative.</summary>
    public double OverDays(int days) => days < TableDays ? byDay[days] : double.Exp2(-days / HalfLifeDays);

    /// <summary>Factor of a time, milliseconds, not negative.</summary>
    public double OverMs(long ms) => ms == 0 ? 1 : Math.Exp(ms * perMs);

    /// <summary>ln 2 / h in a year: what a full decayed sum is multiplied with to be a yearly rate.</summary>
    internal double YearFactor { get; }

    /// <summary>1 - 2^(-age/h): the share of a full sum that a customer of this age can have reached.</summary>
    internal double Fullness(double ageDays) => -double.ExpM1(-ageDays / HalfLifeDays * Math.Log(2));

    /// <summary>
    /// The unbiased yearly rate of a decayed sum: (ln 2 / h) D / (1 - 2^(-age/h)); the denominator makes up for the time before the first purchase.
    /// </summary>
    /// <param name="sum">Decayed sum as of now.</param>
    /// <param name="ageDays">Time since the first purchase, days, positive.</param>
    public double RatePerYear(double sum, double ageDays) =>
        YearFactor * sum / Fullness(ageDays);
}
