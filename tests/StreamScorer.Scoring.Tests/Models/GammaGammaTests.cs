using StreamScorer.Scoring.Models;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>Spend per purchase.</summary>
public sealed class GammaGammaTests
{
    private static readonly GammaGamma Cdnow = new(6.25, 3.74, 15.44);

    [Fact]
    public void A_newcomer_is_expected_to_spend_the_prior_mean()
    {
        Assert.Equal(6.25 * 15.44 / 2.74, Cdnow.PriorMean, 1e-12);
        Assert.Equal(Cdnow.PriorMean, Cdnow.ExpectedSpend(0, 0));
    }

    [Fact]
    public void Expected_spend_moves_from_the_prior_to_the_customers_own_mean()
    {
        double once = Cdnow.ExpectedSpend(1, 80), often = Cdnow.ExpectedSpend(1000, 80);
        Assert.True(Cdnow.PriorMean < once && once < often);
        Assert.Equal(80, often, 0.05);
    }

    [Fact]
    public void Refunds_beyond_the_spend_count_as_no_spend() =>
        Assert.Equal(Cdnow.ExpectedSpend(3, 0), Cdnow.ExpectedSpend(3, -50));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void The_density_of_the_mean_spend_integrates_to_1_with_the_prior_mean(int x)
    {
        double total = 0, mean = 0;
        const double Step = 0.01;
        for (double logSpend = -15; logSpend < 25; logSpend += Step)
        {
            double spend = Math.Exp(logSpend), mass = Step * spend * Math.Exp(Cdnow.LogLikelihood(x, spend));
            total += mass;
            mean += mass * spend;
        }
        Assert.Equal(1, total, 1e-9);
        Assert.Equal(Cdnow.PriorMean, mean, 1e-6);
    }

    [Fact]
    public void Customers_without_repeat_spend_say_nothing()
    {
        Assert.Equal(0, Cdnow.LogLikelihood(0, 0));
        Assert.Equal(0, Cdnow.LogLikelihood(2, 0));
    }

    [Fact]
    public void Every_bad_parameter_is_named()
    {
        Assert.Equal(["p", "q", "v"], new GammaGamma(0, 1, -1).Validate().Select(problem => problem.Split(' ')[0]));
        Assert.Contains("q must be a finite number > 1, was 1", new GammaGamma(1, 1, 1).Validate());
        Assert.Empty(Cdnow.Validate());
    }
}
