using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Models.Numerics;
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
        perMs = -1 / (halfLifeDays * BusinessCalendar.DayMs);
        LogPerDay = -Math.Log(2) / halfLifeDays;
        LogPerMs = LogPerDay / BusinessCalendar.DayMs;
        YearFactor = -LogPerDay * ScoringRules.DaysPerYear;
        for (int day = 0; day < TableDays; day++)
            byDay[day] = double.Exp2(-day / halfLifeDays);
    }

    /// <summary>Half-life h, days.</summary>
    public double HalfLifeDays { get; }

    /// <summary>Factor of a whole number of days, not negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double OverDays(int days) => days < TableDays ? byDay[days] : double.Exp2(-days / HalfLifeDays);

    /// <summary>Factor of a time, milliseconds, not negative. Stored sums move by it, so that their last bits depend on it.</summary>
    public double OverMs(long ms) => ms == 0 ? 1 : double.Exp2(ms * perMs);

    /// <summary>The same up to rounding, in a third of the time: for the decayed profit of an instant, which every assessment asks for and nothing stores.</summary>
    public double NearlyOverMs(long ms) => ms == 0 ? 1 : SpecialFunctions.Exp(ms * LogPerMs);

    /// <summary>-ln 2 / h: the logarithm of the factor of a day.</summary>
    internal double LogPerDay { get; }

    /// <summary>The same of a millisecond.</summary>
    internal double LogPerMs { get; }

    /// <summary>ln 2 / h in a year: what a full decayed sum is multiplied with to be a yearly rate.</summary>
    internal double YearFactor { get; }
}
