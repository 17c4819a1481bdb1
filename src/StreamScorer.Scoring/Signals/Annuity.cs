namespace StreamScorer.Scoring.Signals;

/// <summary>Present values of one currency unit a year.</summary>
public static class Annuity
{
    /// <summary>Continuous flow over H years: (1 - (1+d)^-H) / ln(1+d); H when d = 0.</summary>
    /// <param name="ratePerYear">Discount rate d, not negative.</param>
    /// <param name="years">Horizon H, not negative.</param>
    public static double Continuous(double ratePerYear, double years) =>
        ratePerYear == 0 ? years : -double.ExpM1(-years * double.LogP1(ratePerYear)) / double.LogP1(ratePerYear);

    /// <summary>Payments at the end of each of N years: (1 - (1+d)^-N) / d; N when d = 0.</summary>
    /// <param name="ratePerYear">Discount rate d, not negative.</param>
    /// <param name="years">Number of payments N, not negative.</param>
    public static double YearEnd(double ratePerYear, double years) =>
        ratePerYear == 0 ? years : -double.ExpM1(-years * double.LogP1(ratePerYear)) / ratePerYear;
}
