using StreamScorer.Scoring.Models;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>Worked examples and limits of MBG/CNBD-k.</summary>
public sealed class MbgCnbdTests
{
    private static readonly MbgCnbd Cdnow = new(new(1, 0.525, 6.183, 0.891, 1.614));

    // Fitted on Online Retail, weeks.
    private static readonly MbgCnbd Regular = new(new(2, .85207, 4.00654, .13585, 2.08848));

    [Theory]
    [InlineData(2, 30.43, 0.5, 27.14)]
    [InlineData(2, 30.43, 0.3, 52.55)]
    [InlineData(0, 0, 0.5, 12.99)]
    [InlineData(0, 0, 0.3, 90.1)]
    [InlineData(26, 30.857142857, 0.5, 5.12)]
    public void Silence_until_a_threshold(int repeats, double recency, double theta, double weeks) =>
        Assert.Equal(weeks, Cdnow.SilenceUntilAlive(repeats, recency, theta), theta == 0.3 && repeats == 0 ? 0.05 : 0.005);

    [Fact]
    public void A_newcomer_is_alive_with_probability_b_over_a_plus_b()
    {
        Assert.Equal(1.614 / (0.891 + 1.614), Cdnow.AliveProbability(new(0, 0, 0)), 1e-15);
        Assert.Equal(Cdnow.Parameters.NewcomerAlive, Cdnow.AliveProbability(new(0, 0, 0)), 1e-15);
        Assert.Equal(0, Cdnow.SilenceUntilAlive(0, 0, 0.65));
    }

    [Fact]
    public void A_threshold_beyond_fifty_years_is_never_reached() =>
        Assert.Equal(double.PositiveInfinity, Cdnow.SilenceUntilAlive(0, 0, 1e-6));

    [Fact]
    public void A_regular_buyer_is_not_due_at_once()
    {
        // Right after a purchase the risk of buying nothing in a week first falls, then rises: P(alive) alone is monotone.
        PurchaseHistory bought = new(10, 40, 40), later = bought with { Age = 41 }, silent = bought with { Age = 80 };
        Assert.True(Regular.NoPurchaseProbability(later, 1) < Regular.NoPurchaseProbability(bought, 1));
        Assert.True(Regular.NoPurchaseProbability(silent, 1) > Regular.NoPurchaseProbability(later, 1));
        Assert.True(Regular.AliveProbability(later) < Regular.AliveProbability(bought));
    }

    [Fact]
    public void Expected_purchases_pass_smoothly_through_a_1()
    {
        // The closed form is 0/0 at 1, so a sum over ticks takes over near it: on a parabola through either side's values.
        static double At(double a) => new MbgCnbd(new(1, .525, 6.183, a, 1.614)).ExpectedPurchases(new(3, 20, 39), 52);
        double below = At(1 - 0.003), above = At(1 + 0.003);
        double curvature = At(1 - 0.006) - (2 * At(1)) + At(1 + 0.006);
        Assert.Equal((below + above) / 2, At(1) + (curvature / 8), 1e-9);
        Assert.Equal(At(1), At(1 + 1e-9), 1e-8);
        Assert.Equal(At(1.001 - 1e-9), At(1.001 + 1e-9), 1e-8);
    }

    [Fact]
    public void Expected_purchases_vanish_with_the_horizon_and_grow_with_it()
    {
        PurchaseHistory h = new(5, 30, 35);
        foreach (var model in new[] { Cdnow, Regular })
        {
            Assert.Equal(0, model.ExpectedPurchases(h, 0));
            Assert.True(model.ExpectedPurchases(h, 26) < model.ExpectedPurchases(h, 52));
        }
    }

    [Fact]
    public void Customers_who_surely_leave_buy_no_more()
    {
        var leavers = new MbgCnbd(new(1, 1, 5, 1e5, 1));
        Assert.Equal(0, leavers.ExpectedPurchases(new(1, 5, 10), 52), 1e-4);
        Assert.Equal(0, leavers.AliveProbability(new(1, 5, 10)), 1e-4);
    }

    [Fact]
    public void Probabilities_of_extreme_histories_stay_finite()
    {
        foreach (var model in new[] { Cdnow, Regular })
        {
            PurchaseHistory h = new(5000, 1, 20_000);
            Assert.Equal(0, model.AliveProbability(h));
            Assert.Equal(1, model.NoPurchaseProbability(h, 52));
            Assert.True(double.IsFinite(model.LogLikelihood(h, 0)));
        }
    }

    [Fact]
    public void Every_bad_parameter_is_named()
    {
        var problems = new MbgCnbdParameters(5, 0, -1, double.NaN, double.PositiveInfinity).Validate();
        Assert.Equal(["k", "r", "alpha", "a", "b"], problems.Select(problem => problem.Split(' ')[0]));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new MbgCnbd(new(1, 1, -1, 1, 1)));
        Assert.Contains("alpha must be a finite number > 0, was -1", error.Message, StringComparison.Ordinal);
        Assert.Empty(Cdnow.Parameters.Validate());
    }

    [Theory]
    [InlineData(1e-5, false)]
    [InlineData(0.9, true)]
    public void A_fit_without_leaving_says_so(double a, bool identified) =>
        Assert.Equal(identified, new MbgCnbdParameters(1, 1, 1, a, 2).DropoutIdentified);
}
