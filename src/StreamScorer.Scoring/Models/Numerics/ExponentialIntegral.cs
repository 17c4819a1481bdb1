namespace StreamScorer.Scoring.Models.Numerics;

/// <summary>The generalised exponential integral.</summary>
public static class ExponentialIntegral
{
    /// <summary>
    /// e^q E_s(q) = integral over t > 0 of e^(-q t) (1+t)^(-s), for any s and q > 0 (DLMF 8.19.2). With t = e^u the integrand
    /// is analytic for |Im u| &lt; pi/2 and vanishes at both ends, so the trapezoidal rule converges exponentially, for whole
    /// s too, where the power series is singular.
    /// </summary>
    public static double Scaled(double s, double q)
    {
        const double Step = 0.2;
        double from = -40 - Math.Max(0, Math.Log(q)), to = Math.Log(50 / q) + 1;
        double sum = 0;
        for (double u = from; u < to; u += Step)
        {
            double t = Math.Exp(u);
            sum += Math.Exp(u - (q * t) - (s * SpecialFunctions.Log1p(t)));
        }
        return Step * sum;
    }
}
