using System.Runtime.Intrinsics;

namespace StreamScorer.Scoring.Models.Numerics;

/// <summary>Elementary functions that the base class library lacks, exact where their naive forms cancel or overflow.</summary>
public static class SpecialFunctions
{
    /// <summary>
    /// e^x by the runtime's own code. The C library's is as fast by itself, but slow in a method that has copied something in wide registers, as the hot path does.
    /// </summary>
    public static double Exp(double x) => Vector128.Exp(Vector128.CreateScalar(x)).ToScalar();

    /// <summary>ln(1 + x) for x > -1 (Goldberg 1991, theorem 4: the rounding of 1 + x cancels out of the quotient).</summary>
    public static double Log1p(double x)
    {
        double y = 1 + x;
        if (y == 1) return x;
        return double.IsPositiveInfinity(y) ? y : Math.Log(y) * (x / (y - 1));
    }

    /// <summary>e^x - 1, by the same device as <see cref="Log1p"/> (Kahan).</summary>
    public static double Expm1(double x)
    {
        double y = Math.Exp(x);
        if (y == 1) return x;
        double difference = y - 1;
        return difference == -1 || double.IsPositiveInfinity(y) ? difference : difference * (x / Math.Log(y));
    }

    /// <summary>ln(e^x + e^y) without overflow.</summary>
    public static double LogSumExp(double x, double y)
    {
        double high = Math.Max(x, y);
        return high + Log1p(Math.Exp(-Math.Abs(x - y)));
    }
}
