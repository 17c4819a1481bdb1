using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Models.Fitting;
using StreamScorer.Scoring.Models.Reference;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>What fitting does apart from the published figures.</summary>
public sealed class PurchaseModelFitTests
{
    [Fact]
    public void The_order_of_the_customers_does_not_show()
    {
        var customers = Simulated(k: 2, count: 400);
        CustomerHistory[] reversed = [.. customers.Reverse()];
        Assert.NotEqual(customers, reversed);
        Assert.Equal(PurchaseModelFit.MbgCnbd(customers, 2).Parameters, PurchaseModelFit.MbgCnbd(reversed, 2).Parameters);
        Assert.Equal(PurchaseModelFit.GammaGamma(customers).Parameters, PurchaseModelFit.GammaGamma(reversed).Parameters);
    }

    [Fact]
    public void A_fits_likelihood_is_the_sum_of_the_models()
    {
        var customers = Simulated(k: 3, count: 200);
        var mbg = PurchaseModelFit.MbgCnbd(customers, 3);
        var model = new MbgCnbd(mbg.Parameters);
        Assert.Equal(customers.Sum(c => model.LogLikelihood(c.History, c.LogIntervals)), mbg.LogLikelihood, 1e-8);
        var bg = PurchaseModelFit.BgNbd(customers);
        Assert.Equal(customers.Sum(c => bg.Parameters.LogLikelihood(c.History)), bg.LogLikelihood, 1e-8);
        var spend = PurchaseModelFit.GammaGamma(customers);
        double sum = customers.Sum(c => spend.Parameters.LogLikelihood(c.SpendDays, c.MeanRepeatSpend));
        Assert.Equal(sum, spend.LogLikelihood, 1e-8);
    }

    [Fact]
    public void The_regularity_of_the_buyers_is_found_within_the_standard_errors()
    {
        var truth = new MbgCnbdParameters(2, 1.05, 6.183, 0.891, 1.614);
        var choice = PurchaseModelFit.MbgCnbd(Simulated(truth.K, count: 4000));
        Assert.Equal(2, choice.Best.Parameters.K);
        double[] values = [truth.R, truth.Alpha, truth.A, truth.B];
        foreach (var (estimate, value) in choice.Best.Estimates.Zip(values))
            Assert.InRange(Math.Abs(estimate.Value - value) / estimate.StandardError, 0, 3);
    }

    [Fact]
    public void Buyers_who_never_leave_are_told_apart_from_a_fit()
    {
        // Everybody buys every tenth day to the end: no silence that leaving would explain.
        CustomerHistory[] customers =
            [.. Enumerable.Range(1, 200).Select(i => Customer(i, new(i % 9 + 1, 10 * (i % 9 + 1), (10 * (i % 9 + 1)) + 3)))];
        var fit = PurchaseModelFit.MbgCnbd(customers, 1);
        Assert.False(fit.Parameters.DropoutIdentified);
        Assert.False(PurchaseModelFit.BgNbd(customers).Parameters.DropoutIdentified);
        Assert.True(double.IsNaN(fit.Estimates[2].StandardError));
        Assert.Empty(fit.Parameters.Validate());
    }

    [Fact]
    public void Progress_counts_up_and_the_likelihood_never_falls()
    {
        var steps = new List<FitProgress>();
        var fit = PurchaseModelFit.ParetoNbd(Simulated(k: 1, count: 100), steps.Add);
        Assert.All(steps, step => Assert.Equal("Pareto/NBD", step.Model));
        Assert.Equal(steps.Select(step => step.Evaluations).Order(), steps.Select(step => step.Evaluations));
        Assert.Equal(fit.LogLikelihood, steps.Max(step => step.LogLikelihood));
        Assert.Equal(fit.Evaluations, steps[^1].Evaluations);
    }

    [Fact]
    public void A_single_one_time_buyer_can_be_fitted()
    {
        CustomerHistory[] one = [Customer(1, new(0, 0, 30))];
        Assert.Empty(PurchaseModelFit.MbgCnbd(one).Best.Parameters.Validate());
        Assert.Empty(PurchaseModelFit.BgNbd(one).Parameters.Validate());
        Assert.Empty(PurchaseModelFit.ParetoNbd(one).Parameters.Validate());
    }

    [Fact]
    public void Bad_input_is_named()
    {
        Assert.Throws<ArgumentException>("customers", () => PurchaseModelFit.BgNbd([]));
        Assert.Throws<ArgumentException>("customers", () => PurchaseModelFit.GammaGamma([Customer(1, new(0, 0, 30))]));
        Assert.Throws<ArgumentOutOfRangeException>("k", () => PurchaseModelFit.MbgCnbd([Customer(1, new(0, 0, 30))], 5));
        foreach (PurchaseHistory h in new PurchaseHistory[] { new(-1, 0, 3), new(1, 4, 3), new(1, 0, 3), new(0, 1, 3) })
        {
            var error = Assert.Throws<ArgumentException>(() => PurchaseModelFit.BgNbd([Customer(77, h)]));
            Assert.Contains("customer 77", error.Message, StringComparison.Ordinal);
        }
    }

    private static CustomerHistory Customer(int id, PurchaseHistory h) => new($"{id}", h, 0, 0, 0, 0);

    /// <summary>Customers drawn from MBG/CNBD-k with rates around 0.525 k / 6.183 ticks a week, seeded.</summary>
    private static CustomerHistory[] Simulated(int k, int count)
    {
        var random = new Random(20240607);
        return [.. Enumerable.Range(0, count).Select(i => One($"{i}"))];

        CustomerHistory One(string id)
        {
            double rate = Gamma(random, 0.525 * k) / 6.183, leaving = Gamma(random, 0.891);
            double leave = leaving / (leaving + Gamma(random, 1.614)), age = 60 + (20 * random.NextDouble());
            double time = 0, last = 0, logIntervals = 0;
            int repeats = 0;
            while (random.NextDouble() >= leave && (time += Gamma(random, k) / rate) <= age)
            {
                logIntervals += Math.Log(time - last);
                last = time;
                repeats++;
            }
            double spend = repeats == 0 ? 0 : 10 * Gamma(random, 6 * repeats) / repeats / Gamma(random, 4);
            return new(id, new(repeats, last, age), logIntervals, repeats, spend, 0);
        }
    }

    // Johnk for shapes below 1 and sums of exponentials above: exact, and short enough for a test.
    private static double Gamma(Random random, double shape)
    {
        double sum = 0;
        for (; shape >= 1; shape--) sum -= Math.Log(1 - random.NextDouble());
        while (shape > 0)
        {
            double x = Math.Pow(random.NextDouble(), 1 / shape), y = Math.Pow(random.NextDouble(), 1 / (1 - shape));
            if (x + y <= 1) return sum - (x / (x + y) * Math.Log(1 - random.NextDouble()));
        }
        return sum;
    }
}
