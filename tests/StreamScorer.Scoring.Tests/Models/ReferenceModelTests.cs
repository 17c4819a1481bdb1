using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Models.Reference;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>
/// Figures printed by others for printed parameters, in weeks of the CDNOW sample, at the printed precision. Where the
/// figure came from parameters with more digits than are printed with it, the test uses the longer ones and says so.
/// </summary>
public sealed class ReferenceModelTests
{
    // Parameters of Hardie's spreadsheets, and of the BTYD document and package.
    private static readonly BgNbd SheetBg = new(.2425945, 4.4136019, .7929199, 2.4258881);
    private static readonly BgNbd BtydBg = new(0.2425982, 4.4136842, 0.7929899, 2.4261667);
    private static readonly ParetoNbd BtydPareto = new(0.5533971, 10.5801985, 0.6060625, 11.6562237);

    private static readonly PurchaseHistory Customer1516 = new(26, 30.857142857, 31);

    [Fact]
    public void Bg_conditional_expectation_of_customer_1_in_hardies_sheet() =>
        Assert.Equal(1.226, SheetBg.ExpectedPurchases(new(2, 30.43, 38.86), 39), 5e-4);

    [Theory]
    [InlineData(0.1429, .0078)]
    [InlineData(1, .0532)]
    [InlineData(3, .1506)]
    [InlineData(31.8571, 1.0405)]
    [InlineData(32, 1.0437)]
    [InlineData(78, 1.8580)] // Printed 1.8576: no parameters that round to the printed ones give it.
    public void Bg_expectation_of_a_newcomer_in_hardies_sheet(double weeks, double printed) =>
        Assert.Equal(printed, SheetBg.ExpectedPurchases(new(0, 0, 0), weeks), 5e-5);

    [Fact]
    public void Bg_customer_1516_of_the_btyd_document()
    {
        Assert.Equal(25.75659, BtydBg.ExpectedPurchases(Customer1516, 52), 6e-5);
        Assert.Equal(.9688523, BtydBg.AliveProbability(Customer1516), 3e-7);
        Assert.Equal(1.444004, BtydBg.ExpectedPurchases(new(0, 0, 0), 52), 1e-6);
    }

    [Theory]
    [InlineData(10, .3474606)]
    [InlineData(15, .04283391)]
    [InlineData(20, .004158973)]
    [InlineData(25, .0003585685)]
    public void Bg_increasing_frequency_paradox_of_the_btyd_document(int repeats, double printed) =>
        Assert.Equal(1, BtydBg.ExpectedPurchases(new(repeats, 20, 39), 52) / printed, 1e-4 + (repeats == 25 ? 6e-4 : 0));

    [Fact]
    public void Pareto_alive_probabilities_of_the_btyd_package_and_lifetimes()
    {
        Assert.Equal(.2941633, BtydPareto.AliveProbability(new(0, 0, 39)), 5e-8);
        Assert.Equal(.9979, BtydPareto.AliveProbability(Customer1516), 5e-5);
        Assert.Equal(25.46, BtydPareto.ExpectedPurchases(Customer1516, 52), 1e-2);
    }

    [Theory]
    [InlineData(10, .7062289)]
    [InlineData(15, .1442396)]
    [InlineData(20, .02250658)]
    [InlineData(25, .00309267)]
    public void Pareto_increasing_frequency_paradox_of_the_btyd_document(int repeats, double printed) =>
        Assert.Equal(1, BtydPareto.ExpectedPurchases(new(repeats, 20, 39), 52) / printed, 5e-4);

    [Theory]
    [InlineData(221, 103.42857, 103.57143, .999596)]
    [InlineData(254, 97.14286, 97.28571, .999558)]
    [InlineData(161, 94.71429, 98.00000, .749488)]
    [InlineData(204, 98.57143, 99.42857, .994255)]
    public void Pareto_alive_probability_of_very_frequent_buyers_does_not_overflow(
        int repeats, double recency, double age, double expected) =>
        Assert.Equal(expected, new ParetoNbd(.5143, 2.8845, .2856, 14.1087).AliveProbability(new(repeats, recency, age)), 5e-7);

    [Theory]
    [InlineData(1, 2.19916)]
    [InlineData(2, 2.84353)]
    [InlineData(3, 2.86713)]
    [InlineData(4, 2.44541)]
    [InlineData(5, 1.84050)]
    [InlineData(6, 1.26242)]
    [InlineData(7, .80962)]
    [InlineData(8, .49480)]
    [InlineData(9, .29202)]
    [InlineData(10, .16793)]
    public void Pareto_dert_rises_then_falls_with_frequency(int repeats, double expected) =>
        Assert.Equal(expected, BtydDert.DiscountedResidual(new(repeats, 30, 77.86), .0027), 5e-6);

    [Fact]
    public void Pareto_dert_of_the_btyd_documentations_call() =>
        Assert.Equal(1.8641833, BtydDert.DiscountedResidual(new(7, 35, 77.86), .0027), 5e-8);

    [Fact]
    public void Pareto_dert_falls_with_the_discount()
    {
        double[] values = [.. new[] { .001, .06, .99 }.Select(d => BtydDert.DiscountedResidual(new(7, 35, 77.86), d))];
        Assert.True(values[0] > values[1] && values[1] > values[2]);
    }

    [Fact]
    public void Pareto_expectation_passes_smoothly_through_s_1()
    {
        PurchaseHistory h = new(3, 20, 39);
        double below = new ParetoNbd(.5, 10, 1 - 1e-9, 12).ExpectedPurchases(h, 52);
        Assert.Equal(below, new ParetoNbd(.5, 10, 1, 12).ExpectedPurchases(h, 52), 1e-7);
    }

    [Fact]
    public void Bg_counts_of_the_lifetimes_tests()
    {
        var model = new BgNbd(0.243, 4.414, 0.793, 2.426);
        double[] printed =
        [
            .0019995214, .0015170236, .0011633150, .0009003148, .0007023638,
            .0005517902, .0004361913, .0003467171, .0002769613, .0002222260,
        ];
        Assert.Equal(.5737864, model.RepeatCountProbability(0, 39), 5e-8);
        for (int i = 0; i < printed.Length; i++)
            Assert.Equal(printed[i], model.RepeatCountProbability(11 + i, 30), 5e-11);
    }

    [Fact]
    public void Bg_counts_sum_to_1_with_the_newcomers_expectation_as_their_mean()
    {
        double sum = 0, mean = 0;
        for (int n = 0; n < 3000; n++)
        {
            double p = SheetBg.RepeatCountProbability(n, 39);
            sum += p;
            mean += n * p;
        }
        Assert.Equal(1, sum, 1e-9);
        Assert.Equal(SheetBg.ExpectedPurchases(new(0, 0, 0), 39), mean, 1e-8);
    }

    [Theory]
    [InlineData(0, 0, 40, -0.59947382, -0.41792826)]
    [InlineData(200, 38, 40, 100.79569, 100.78691)]
    public void Log_densities_of_the_pymc_tests(int repeats, double recency, double age, double bg, double mbg)
    {
        PurchaseHistory h = new(repeats, recency, age);
        double tolerance = repeats == 0 ? 5e-9 : 5e-6;
        Assert.Equal(bg, new BgNbd(.25, 4, .8, 2.5).LogLikelihood(h), tolerance);
        Assert.Equal(mbg, new MbgCnbd(new(1, .25, 4, .8, 2.5)).LogLikelihood(h, 0), tolerance);
    }

    [Fact]
    public void Bg_holds_every_one_time_buyer_alive_for_ever()
    {
        Assert.Equal(1, SheetBg.AliveProbability(new(0, 0, 500)));
        Assert.Equal(double.PositiveInfinity, SheetBg.SilenceUntilAlive(0, 0, 0.5));
    }

    private static ParetoNbd BtydDert => new(.5629966, 12.5590370, .4081095, 10.5148048);
}
