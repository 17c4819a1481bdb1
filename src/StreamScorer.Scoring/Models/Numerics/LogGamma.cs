namespace StreamScorer.Scoring.Models.Numerics;

/// <summary>Logarithms of the gamma function and of rising factorials, for positive arguments.</summary>
public static class LogGamma
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    // Above it the eight terms of the Stirling series reach double precision.
    private const double StirlingFrom = 10;

    /// <summary>
    /// ln Gamma(<paramref name="x"/>) for x > 0, to about 1e-15 of max(1, |result|): Stirling's series (Abramowitz and
    /// Stegun 6.1.41) after shifting the argument up by Gamma(x + 1) = x Gamma(x).
    /// </summary>
    public static double Of(double x)
    {
        double product = 1;
        while (x < StirlingFrom)
        {
            product *= x;
            x += 1;
        }
        double w = 1 / (x * x);
        double series = ((((((((((((-3617.0 / 122400 * w) + (1.0 / 156)) * w) - (691.0 / 360360)) * w)
            + (1.0 / 1188)) * w) - (1.0 / 1680)) * w) + (1.0 / 1260)) * w) - (1.0 / 360)) * w + (1.0 / 12);
        return ((x - 0.5) * Math.Log(x)) - x + HalfLogTwoPi + (series / x) - Math.Log(product);
    }

    /// <summary>
    /// ln (<paramref name="x"/>)_n = ln [x (x+1) ... (x+n-1)], x > 0, n >= 0. A product, not a difference of two log gammas:
    /// their cancellation costs ten digits when x is large.
    /// </summary>
    public static double Rising(double x, int n)
    {
        const double RoomBeforeOverflow = 1e250;
        double log = 0;
        double product = 1;
        for (int i = 0; i < n; i++)
        {
            product *= x + i;
            if (product > RoomBeforeOverflow || product < 1 / RoomBeforeOverflow)
            {
                log += Math.Log(product);
                product = 1;
            }
        }
        return log + Math.Log(product);
    }
}
