using StreamScorer.Scoring.Models.Numerics;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>Special functions against closed forms and tabled values.</summary>
public sealed class NumericsTests
{
    [Theory]
    [InlineData(1e-3, 6.907178885383853682)]
    [InlineData(0.5, 0.5723649429247000870717)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(9.99, 12.77931521435019288)]
    [InlineData(100, 359.1342053695753987760)]
    [InlineData(1e5, 1051287.7089736568949008)]
    public void Log_gamma(double x, double expected) =>
        Assert.Equal(expected, LogGamma.Of(x), 3e-15 * Math.Max(1, Math.Abs(expected)));

    [Theory]
    [InlineData(0.3, 7)]
    [InlineData(0.3, 400)]
    [InlineData(120, 300)]
    public void Log_rising_factorial_is_a_difference_of_log_gammas(double x, int n) =>
        Assert.Equal(LogGamma.Of(x + n) - LogGamma.Of(x), LogGamma.Rising(x, n), 1e-11);

    [Fact]
    public void Logarithm_and_exponential_near_their_zeros()
    {
        Assert.Equal(1e-10 - 5e-21, SpecialFunctions.Log1p(1e-10), 1e-25);
        Assert.Equal(1e-10 + 5e-21, SpecialFunctions.Expm1(1e-10), 1e-25);
        Assert.Equal(Math.Log(3), SpecialFunctions.Log1p(2), 1e-15);
        Assert.Equal(-1, SpecialFunctions.Expm1(-800));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.Expm1(800));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.Log1p(double.PositiveInfinity));
    }

    [Theory]
    [InlineData(-1000, 0, 0)]
    [InlineData(1000, 1000, 1000.6931471805599453)]
    [InlineData(-800, -801, -799.6867383124818)]
    public void Log_of_a_sum_of_exponentials(double x, double y, double expected) =>
        Assert.Equal(expected, SpecialFunctions.LogSumExp(x, y), 1e-12);

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.9)]
    public void Hypergeometric_series(double z)
    {
        // 2F1(1, 1; 2; z) = -ln(1-z)/z and 2F1(-a, b; b; z) = (1-z)^a: Abramowitz and Stegun 15.1.3, 15.1.8.
        Assert.Equal(1, Hypergeometric.Series(1, 1, 2, z) / (-Math.Log(1 - z) / z), 1e-13);
        Assert.Equal(1, Hypergeometric.Series(-0.3, 4, 4, z) / Math.Pow(1 - z, 0.3), 1e-13);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(30)]
    [InlineData(1e5)]
    public void Beta_mean_of_a_reciprocal(double y)
    {
        // Over the uniform distribution it is ln(1+y)/y; over Beta(1/2, 1/2) it is 1/sqrt(1+y).
        Assert.Equal(1, Hypergeometric.BetaMeanOfReciprocal(1, 2, y) / (y == 0 ? 1 : Math.Log(1 + y) / y), 1e-12);
        Assert.Equal(1, Hypergeometric.BetaMeanOfReciprocal(0.5, 1, y) * Math.Sqrt(1 + y), 1e-12);
    }

    [Fact]
    public void Beta_mean_of_a_reciprocal_is_smooth_where_its_method_changes()
    {
        foreach (double a in new[] { 0.05, 0.7, 1.5, 1.00001, 3.2, 20.6 })
        {
            foreach (double extra in new[] { 0.4, 2.5, 30 })
            {
                double c = a + extra, switches = Math.Max(100, 4 * c);
                double below = Hypergeometric.BetaMeanOfReciprocal(a, c, switches * (1 - 1e-9));
                double above = Hypergeometric.BetaMeanOfReciprocal(a, c, switches * (1 + 1e-9));
                Assert.Equal(1, above / below, 3e-9);
            }
        }
    }

    [Theory]
    [InlineData(0.13585, 3.22, 5000, 0.39456461439750956)]
    [InlineData(1.000006, 2.5, 1e9, 3.0162517417544927e-8)]
    [InlineData(1.6, 60.2, 300, 0.1808871351826763)]
    [InlineData(1.6, 60.2, 1e6, 9.8050010702510763e-5)]
    [InlineData(30.5, 32.1, 10000, 0.00010541259576624389)]
    [InlineData(2, 7.5, 10000, 0.00064748829716926709)]
    public void Beta_mean_of_a_reciprocal_far_out(double a, double c, double y, double expected) =>
        Assert.Equal(1, Hypergeometric.BetaMeanOfReciprocal(a, c, y) / expected, 1e-10);

    [Theory]
    [InlineData(1, 0.1, 1.8229239584193906661)] // Abramowitz and Stegun, table 5.1: E1(0.1).
    [InlineData(1, 1, 0.2193839343955202737)]
    [InlineData(1, 20, 9.835525290649881691e-11)]
    [InlineData(2, 0.5, 0.3266438623245531)] // e^-q - q E1(q).
    public void Exponential_integral(double s, double q, double expected) =>
        Assert.Equal(1, ExponentialIntegral.Scaled(s, q) * Math.Exp(-q) / expected, 1e-12);
}
