namespace StreamScorer.Scoring.Models;

/// <summary>
/// The unit of time of a purchase model. Going from weeks to days multiplies alpha (and beta) by 7 and leaves r, a, b and s.
/// </summary>
public enum ModelUnit
{
    /// <summary>One day.</summary>
    Day = 1,

    /// <summary>Seven days.</summary>
    Week = 7,
}

/// <summary>Conversions of <see cref="ModelUnit"/>.</summary>
public static class ModelUnits
{
    private const double DaysPerYear = 365.25;

    /// <summary>Days in one unit.</summary>
    public static double Days(this ModelUnit unit) => (int)unit;

    /// <summary>
    /// delta = ln(1 + yearly rate) / units per year: the continuous discount for one unit. 0.15 a year in weeks is .0026785;
    /// published examples count 52 weeks to the year and print .0027.
    /// </summary>
    public static double ContinuousDiscount(this ModelUnit unit, double yearlyRate) =>
        Numerics.SpecialFunctions.Log1p(yearlyRate) * unit.Days() / DaysPerYear;
}
