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
    /// 2F1(1, a; c; -y) for c > a > 0 and y >= 0, by Gauss's continued fraction (Abramowitz and Stegun 15.1.1 with DLMF
    /// 15.7.5) and Lentz's method: the mean of 1/(1 + y p) over p ~ Beta(a, c-a). All its terms are positive, so nothing
    /// cancels; about 20 of them for y near 1, growing with the square root of y.
    /// </summary>
    public static double BetaMeanOfReciprocal(double a, double c, double y)
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
            if (Math.Abs(change - 1) < 1e-16) break;
        }
        return 1 / value;
    }
}
