using FsCheck;
using FsCheck.Fluent;
using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Models.Reference;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>The discounted residual: quadrature against independent formulas, table against quadrature.</summary>
public sealed class ResidualTests
{
    private const double Delta = 0.002687729661060743; // 15 % over a year of 52 weeks.

    private static readonly MbgCnbd Cdnow = new(new(1, 0.525, 6.183, 0.891, 1.614));

    [Fact]
    public void Without_a_discount_the_residual_is_the_expected_purchases() =>
        ModelGenerators.Holds(
            from model in ModelGenerators.Models(1, 4)
            from h in ModelGenerators.Histories
            from horizon in ModelGenerators.LogUniform(1, 200)
            select (model, h, horizon),
            c =>
            {
                double residual = new ResidualQuadrature(c.model, 0, c.horizon).DiscountedResidual(c.h);
                return Math.Abs(residual / c.model.ExpectedPurchases(c.h, c.horizon) - 1) < 1e-9;
            });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_discounted_horizon_is_the_integral_over_the_expected_purchases(int k)
    {
        // By parts: e^(-delta H) E(H) + delta times the integral of e^(-delta t) E(t), here by Simpson's rule.
        const double Horizon = 104;
        const int Halves = 2000;
        var model = new MbgCnbd(new(k, 0.525 * k, 6.183, 0.891, 1.614));
        PurchaseHistory h = new(3, 20, 29);
        double sum = 0, step = Horizon / Halves;
        for (int i = 0; i <= Halves; i++)
        {
            double weight = i == 0 || i == Halves ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.Exp(-Delta * i * step) * model.ExpectedPurchases(h, i * step);
        }
        double byParts = (Math.Exp(-Delta * Horizon) * model.ExpectedPurchases(h, Horizon)) + (Delta * sum * step / 3);
        Assert.Equal(1, new ResidualQuadrature(model, Delta, Horizon).DiscountedResidual(h) / byParts, 1e-9);
    }

    [Fact]
    public void The_outlook_is_what_the_models_say_one_by_one() =>
        ModelGenerators.Holds(
            from model in ModelGenerators.Models(1, 2)
            from h in ModelGenerators.Histories
            from horizon in ModelGenerators.LogUniform(1, 100)
            from isTabled in Gen.Elements(true, false)
            select (model, h, horizon, isTabled),
            c =>
            {
                var table = new ResidualTable(c.model, Delta, 52, maxAge: c.isTabled ? 7305 : 1e-3);
                PurchaseOutlook outlook = table.Outlook(c.h, c.horizon);
                return Math.Abs(outlook.Alive / c.model.AliveProbability(c.h) - 1) < 1e-13
                    && Math.Abs(outlook.NoPurchase - c.model.NoPurchaseProbability(c.h, c.horizon)) < 1e-14
                    && Math.Abs(outlook.DiscountedIfAlive / table.GivenAlive(c.h) - 1) < 1e-13;
            });

    [Fact]
    public void A_long_horizon_tends_to_the_infinite_one()
    {
        PurchaseHistory h = new(3, 20, 29);
        foreach (int k in new[] { 1, 2, 3, 4 })
        {
            var model = new MbgCnbd(new(k, 0.525 * k, 6.183, 0.891, 1.614));
            double endless = new ResidualQuadrature(model, 0.05, double.PositiveInfinity).GivenAlive(h);
            Assert.Equal(1, new ResidualQuadrature(model, 0.05, 40 / 0.05).GivenAlive(h) / endless, 1e-10);
        }
    }

    [Fact]
    public void The_table_equals_the_quadrature_for_every_k_and_horizon()
    {
        foreach (double horizon in new[] { double.PositiveInfinity, 156 })
        {
            for (int k = 1; k <= MbgCnbdParameters.MaxK; k++)
            {
                var model = new MbgCnbd(new(k, 0.525 * k, 6.183, 0.891, 1.614));
                var table = new ResidualTable(model, Delta, horizon, maxAge: 520);
                var quadrature = new ResidualQuadrature(model, Delta, horizon);
                // Recency 0.6 T gives all stages weight. For k > 1 the finite horizon makes the stages fall like powers of T.
                double tolerance = k == 1 ? 5e-8 : 3e-7;
                foreach (int x in new[] { 0, 1, 4, 40, 255, 2047 })
                {
                    for (double age = 0.3; age < 520; age *= 1.37)
                    {
                        PurchaseHistory h = new(x, x == 0 ? 0 : 0.6 * age, age);
                        Assert.Equal(1, table.GivenAlive(h) / quadrature.GivenAlive(h), tolerance);
                    }
                }
            }
        }
    }

    [Fact]
    public void The_table_is_as_close_as_it_says_for_every_k_1_model()
    {
        double worst = 0;
        ModelGenerators.Holds(
            from alpha in ModelGenerators.LogUniform(2.5e-4, 1e3)
            from r in ModelGenerators.LogUniform(1e-3, 10)
            from a in ModelGenerators.LogUniform(1e-3, 1e4)
            from b in ModelGenerators.LogUniform(1e-3, 1e4)
            from horizon in ModelGenerators.LogUniform(1, 100)
            from discount in ModelGenerators.LogUniform(1e-6, 0.7)
            from repeats in Gen.Elements(0, 1, 3, 10)
            from ages in Gen.ArrayOf(ModelGenerators.LogUniform(1e-3, 7000), 10)
            select (new MbgCnbd(new(1, r, alpha, a, b)), alpha * horizon, discount, repeats, ages),
            c =>
            {
                (MbgCnbd model, double horizon, double discount, int repeats, double[] ages) = c;
                var table = new ResidualTable(model, discount, horizon);
                var quadrature = new ResidualQuadrature(model, discount, horizon);
                double error = ages.Max(age => Math.Abs(table.GivenAlive(new(repeats, age, age)) / quadrature.GivenAlive(new(repeats, age, age)) - 1));
                worst = Math.Max(worst, error / table.RelativeError);
                return error <= table.RelativeError;
            });
        Assert.True(worst > 0.05, $"{worst} of what the table allows itself is too little to tell anything");
    }

    [Fact]
    public void Histories_outside_the_table_are_evaluated_exactly()
    {
        var table = new ResidualTable(Cdnow, Delta, double.PositiveInfinity, maxAge: 52);
        var quadrature = new ResidualQuadrature(Cdnow, Delta, double.PositiveInfinity);
        foreach (PurchaseHistory h in new PurchaseHistory[] { new(2048, 50, 51), new(3, 20, 52.01), new(3000, 900, 901) })
            Assert.Equal(quadrature.DiscountedResidual(h), table.DiscountedResidual(h));
        // At the table's last node the two agree without extrapolation.
        PurchaseHistory last = new(2047, 50, 52);
        Assert.Equal(1, table.GivenAlive(last) / quadrature.GivenAlive(last), 1e-12);
    }

    [Fact]
    public void The_residual_only_falls_in_silence_across_all_cells()
    {
        foreach (double horizon in new[] { double.PositiveInfinity, 156 })
        {
            var table = new ResidualTable(Cdnow, Delta, horizon, maxAge: 1044);
            foreach (int x in new[] { 0, 1, 2, 10, 100, 255, 2047 })
            {
                double recency = x == 0 ? 0 : 30, before = double.PositiveInfinity;
                for (double silence = 0; silence < 1000; silence += 1 / 14.0)
                {
                    double now = table.DiscountedResidual(new(x, recency, recency + silence));
                    Assert.True(now < before || now == 0, $"x = {x}, silence {silence}: {now} after {before}");
                    before = now;
                }
            }
        }
    }

    [Fact]
    public void The_residual_falls_in_silence_for_every_k_1_model() =>
        ModelGenerators.Holds(
            from model in ModelGenerators.Models(1, 1)
            from h in ModelGenerators.Histories
            from more in ModelGenerators.LogUniform(0.01, 100)
            select (model, h, later: h with { Age = h.Age + more }),
            c =>
            {
                var quadrature = new ResidualQuadrature(c.model, Delta, 156);
                return quadrature.DiscountedResidual(c.later) <= quadrature.DiscountedResidual(c.h) * (1 + 1e-10);
            });

    [Fact]
    public void Bg_residual_over_a_horizon_is_its_expected_purchases_without_a_discount()
    {
        var model = new BgNbd(0.243, 4.414, 0.793, 2.426);
        foreach (PurchaseHistory h in new PurchaseHistory[] { new(0, 0, 39), new(2, 30.43, 38.86), new(26, 30.86, 31) })
            Assert.Equal(1, model.DiscountedResidual(h, 0, 52) / model.ExpectedPurchases(h, 52), 1e-10);
    }

    [Theory]
    [InlineData(-0.1, 52, 100, "discountPerUnit")]
    [InlineData(double.NaN, 52, 100, "discountPerUnit")]
    [InlineData(0.1, 0, 100, "horizon")]
    [InlineData(0, double.PositiveInfinity, 100, "horizon")]
    [InlineData(0.1, 1e9, 100, "horizon")]
    [InlineData(0.1, 52, 0, "maxAge")]
    [InlineData(0.1, 52, double.PositiveInfinity, "maxAge")]
    public void A_bad_argument_is_named(double discount, double horizon, double maxAge, string name) =>
        Assert.Throws<ArgumentOutOfRangeException>(name, () => new ResidualTable(Cdnow, discount, horizon, maxAge));
}
