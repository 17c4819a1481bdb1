namespace StreamScorer.Scoring.Models.Numerics;

/// <summary>Gauss's hypergeometric function in the two forms that the purchase models need.</summary>
public static class Hypergeometric
{
    private const int MaxTerms = 1_000_000;

    /// <summary>
    /// 2F1(a, b; c; z) by its power series (Abramowitz and Stegun 15.1.1), 0 &lt;= z &lt; 1, c > 0. Callers transform their
    /// arguments first so that the terms fall quickly and do not cancel.
    /// </summary>
    public static double Series(double a, double b, double c, double z)
    {
        const double Tolerance = 1e-14;
        double term = 1, sum = 1;
        for (double n = 0; n < MaxTerms; n++)
        {
            double growth = (a + n) * (b + n) * z / ((c + n) * (n + 1));
            term *= growth;
            sum += term;
            // 1 - growth scales the last term up to the whole tail when the series falls slowly.
            if (Math.Abs(term) <= Tolerance * Math.Abs(sum) * (1 - Math.Abs(growth))) break;
        }
        return sum;
    }

    /// <summary>
    /// 2F1(1, a; c; -y) for c > a > 0 and y >= 0: the mean of 1/(1 + y p) over p ~ Beta(a, c-a).
    /// </summary>
    public static double BetaMeanOfReciprocal(double a, double c, double y)
    {
        // The fraction needs about 5 sqrt(y) terms. The expansion has a pole at whole a, 1e-6 from which it keeps ten digits.
        bool expand = y > 100 && y > 4 * c && Math.Abs(a - Math.Round(a)) > 1e-6;
        return expand ? ReciprocalExpansion(a, c, y) : ReciprocalFraction(a, c, y);
    }

    // Gauss's continued fraction (DLMF 15.7.5) by Lentz's method. All its terms are positive, so nothing cancels.
    private static double ReciprocalFraction(double a, double c, double y)
    {
        double d = 0, ratio = 1, value = 1;
        for (int n = 1; n < MaxTerms; n++)
        {
            int m = n / 2;
            double step = y;
            // The first coefficient is written without its factor (c-1)/(c-1), which is 0/0 for c = 1.
            if (n == 1) step *= a / c;
            else if ((n & 1) == 1) step *= (a + m) * (c - 1 + m) / ((c + n - 2) * (c + n - 1));
            else step *= m * (c - a + m - 1) / ((c + n - 2) * (c + n - 1));
            d = 1 / (1 + (step * d));
            ratio = 1 + (step / ratio);
            double change = d * ratio;
            value *= change;
            if (Math.Abs(change - 1) < 1e-15) break;
        }
        return 1 / value;
    }

    // In powers of 1/y (Abramowitz and Stegun 15.3.7, with Gamma(1-a) = pi / (sin(pi a) Gamma(a))).
    private static double ReciprocalExpansion(double a, double c, double y)
    {
        double whole = (c - 1) / ((a - 1) * y) * AlternatingSeries(2 - c, 2 - a, 1 / y);
        double logScale = LogGamma.Of(c) - LogGamma.Of(c - a) - LogGamma.Of(a)
            - (a * Math.Log(y)) + ((c - a - 1) * SpecialFunctions.Log1p(1 / y));
        // sin(pi a) from the distance to the nearest whole number, because the two terms all but cancel close to one.
        double nearest = Math.Round(a), sine = Math.Sin(Math.PI * (a - nearest)) * (nearest % 2 == 0 ? 1 : -1);
        return whole + (Math.PI / sine * Math.Exp(logScale));
    }

    // 2F1(1, b; c; -w) = 1 - b/c w + b(b+1)/(c(c+1)) w^2 - ...
    private static double AlternatingSeries(double b, double c, double w)
    {
        double term = 1, sum = 1;
        for (int n = 0; n < MaxTerms && Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= -(b + n) / (c + n) * w;
            sum += term;
        }
        return sum;
    }
}
