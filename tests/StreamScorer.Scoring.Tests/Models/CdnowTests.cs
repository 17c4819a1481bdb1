using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Models.Fitting;
using StreamScorer.Scoring.Models.Reference;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>The published fits and predictions on the CDNOW sample: 2,357 customers, calibrated to 1997-09-30, weeks.</summary>
public sealed class CdnowTests
{
    [DataFact]
    public void The_log_gives_the_published_customers()
    {
        var customers = Logs.CdnowEvents(ModelUnit.Week);
        var published = Logs.CdnowSummary();
        Assert.Equal(2357, customers.Count);
        Assert.Equal(2457, customers.Sum(customer => customer.History.Repeats));
        Assert.Equal(1882, customers.Sum(customer => customer.HoldOutPurchases));
        Assert.Equal(946, customers.Count(customer => customer.SpendDays > 0));
        var rounded = published.Select(customer => customer.History).OrderBy(h => h.ToString()).ToArray();
        var own = customers.Select(customer => Rounded(customer.History)).OrderBy(h => h.ToString()).ToArray();
        Assert.Equal(rounded, own);
    }

    [DataFact]
    public void Bg_nbd_fit()
    {
        var fit = PurchaseModelFit.BgNbd(Logs.CdnowEvents(ModelUnit.Week));
        Printed(fit, -9582.429, .2425945, 4.4136019, .7929199, 2.4258881);
        Assert.Equal(-9582.4, PurchaseModelFit.BgNbd(Logs.CdnowSummary()).LogLikelihood, 0.05);
        Assert.True(fit.Converged && fit.Parameters.DropoutIdentified);
    }

    [DataFact]
    public void Pareto_nbd_fit_with_standard_errors()
    {
        var fit = PurchaseModelFit.ParetoNbd(Logs.CdnowEvents(ModelUnit.Week));
        Printed(fit, -9594.976, .55328, 10.57768, .60624, 11.66873);
        double[] errors = [.0476264, .8427222, .1872594, 6.2105448];
        // The curvature along the ridge of beta is so small that other packages' optima, too, differ in the fourth digit.
        for (int i = 0; i < errors.Length; i++) Assert.Equal(1, fit.Estimates[i].StandardError / errors[i], 2e-4);
    }

    [DataFact]
    public void Mbg_nbd_fit_is_the_best_k()
    {
        var choice = PurchaseModelFit.MbgCnbd(Logs.CdnowEvents(ModelUnit.Week));
        Printed(choice.Best, -9582.136, .52484, 6.18308, .89136, 1.61400);
        Assert.Equal([1, 2], choice.Candidates.Select(fit => fit.Parameters.K));
    }

    [DataFact]
    public void Published_summary_gives_the_published_three_digits()
    {
        var customers = Logs.CdnowSummary();
        double[] bg = Values(PurchaseModelFit.BgNbd(customers)), mbg = Values(PurchaseModelFit.MbgCnbd(customers, 1));
        double[] pareto = Values(PurchaseModelFit.ParetoNbd(customers));
        Assert.Equal([.243, 4.414, .793, 2.426], bg.Select(value => Math.Round(value, 3)));
        Assert.Equal([.525, 6.183, .891, 1.614], mbg.Select(value => Math.Round(value, 3)));
        Assert.Equal([.553, 10.578, .606, 11.668], pareto.Select(value => Math.Round(value, 3))); // 11.669 from unrounded times.
    }

    [DataFact]
    public void Days_for_weeks_multiply_alpha_by_seven()
    {
        var weeks = PurchaseModelFit.BgNbd(Logs.CdnowEvents(ModelUnit.Week));
        var days = PurchaseModelFit.BgNbd(Logs.CdnowEvents(ModelUnit.Day));
        Assert.Equal(-14363.530, days.LogLikelihood, 1e-3);
        Assert.Equal(weeks.LogLikelihood - (2457 * Math.Log(7)), days.LogLikelihood, 1e-6);
        double[] ratios = [.. Values(days).Zip(Values(weeks), (day, week) => day / week)];
        Assert.Equal([1, 7, 1, 1], ratios.Select(ratio => Math.Round(ratio, 4)));
    }

    [DataFact]
    public void Gamma_gamma_fit_and_conditional_means()
    {
        var customers = Logs.CdnowEvents(ModelUnit.Week);
        var fit = PurchaseModelFit.GammaGamma(customers);
        Assert.Equal(946, fit.Customers);
        Printed(fit, -4055.9177, 6.24958, 3.74423, 15.44351);
        Assert.Equal(35.17, fit.Parameters.PriorMean, 5e-3);

        var firstTen = Logs.CdnowSummary().Take(10).ToArray();
        double[] hardie = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17];
        // Hardie cuts the figures where others round them.
        Near(hardie, firstTen.Select(one => fit.Parameters.ExpectedSpend(one.SpendDays, one.MeanRepeatSpend)), 1e-2);
        var rounded = new GammaGamma(6.25, 3.74, 15.44);
        double[] fromRounded = [24.66, 18.92, 35.22, 35.22, 35.22, 71.47, 18.92, 35.22, 27.29, 35.22];
        Near(fromRounded, firstTen.Select(one => rounded.ExpectedSpend(one.SpendDays, one.MeanRepeatSpend)), 5.1e-3);
    }

    [DataFact]
    public void Expected_purchases_by_repeats_in_the_hold_out_period()
    {
        var customers = Logs.CdnowEvents(ModelUnit.Week);
        PurchaseHistory[] histories = [.. customers.Select(customer => customer.History)];
        int[] actual = [.. customers.Select(customer => customer.HoldOutPurchases)];
        var bg = PurchaseModelFit.BgNbd(customers).Parameters;
        var pareto = PurchaseModelFit.ParetoNbd(customers).Parameters;
        double[] expectedBg = [.. histories.Select(h => bg.ExpectedPurchases(h, 39))];
        double[] expectedPareto = [.. histories.Select(h => pareto.ExpectedPurchases(h, 39))];
        var rowsBg = HoldOut.ByRepeats(histories, actual, expectedBg, lastRow: 7);
        var rowsPareto = HoldOut.ByRepeats(histories, actual, expectedPareto, lastRow: 7);

        Assert.Equal([1411, 439, 214, 100, 62, 38, 29, 64], rowsBg.Select(row => row.Customers));
        Near([.237, .697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359], rowsBg.Select(row => row.MeanActual), 5e-4);
        Near([.2251, .5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.5040, 6.1570], rowsBg.Select(row => row.MeanExpected), 2e-4);
        Near([.138, .599, 1.196, 1.714, 2.398, 2.907, 3.818, 6.403], rowsPareto.Select(row => row.MeanExpected), 6e-4);
        Assert.Equal(1653.4, expectedBg.Sum(), 0.05);
        Assert.Equal(1665.5, expectedPareto.Sum(), 0.05);
        bool[] silent = [.. actual.Select(count => count == 0)];
        Assert.Equal(.316, HoldOut.Auc([.. histories.Select(h => 1 - bg.AliveProbability(h))], silent), 5e-4);
        Assert.Equal(.726, HoldOut.Auc([.. histories.Select(h => 1 - pareto.AliveProbability(h))], silent), 5e-4);
        double[] bgRisk = [.. histories.Select(h => bg.NoPurchaseProbability(h, 39))];
        Assert.Equal(.757, HoldOut.Auc(bgRisk, silent), 5e-4);
        Assert.Equal(.161, HoldOut.Brier(bgRisk, silent), 5e-4);
    }

    [DataFact]
    public void Mbg_nbd_in_the_hold_out_period()
    {
        var customers = Logs.CdnowEvents(ModelUnit.Week);
        var report = HoldOut.Evaluate(new MbgCnbd(PurchaseModelFit.MbgCnbd(customers, 1).Parameters), customers, 39);
        Assert.Equal(1882, report.ActualPurchases);
        Assert.Equal(1576.7, report.ExpectedPurchases, 0.05);
        Assert.Equal(.687, report.AucNotAlive, 5e-4);
        Assert.Equal(.760, report.AucChurnRisk, 5e-4);
        Assert.Equal(.771, report.AucSilence, 5e-4);
        Assert.Equal(.161, report.BrierChurnRisk, 5e-4);
        Assert.Equal(.710, report.SilentShare, 5e-4);
        Assert.Equal(.760, report.MeanChurnRisk, 5e-4);
    }

    [DataFact]
    public void Cumulative_repeats_of_weeks_20_to_25()
    {
        var bg = new BgNbd(.2425982, 4.4136842, .7929899, 2.4261667);
        var pareto = new ParetoNbd(.5533971, 10.5801985, .6060625, 11.6562237);
        PurchaseHistory[] histories = [.. Logs.CdnowEvents(ModelUnit.Week).Select(customer => customer.History)];
        Near([1312.5, 1387.3, 1460.4, 1531.7, 1601.4, 1669.6], Weeks(bg.ExpectedPurchases), 0.06);
        // The document's own Pareto parameters have more digits than it prints.
        Near([1308.9, 1385.3, 1459.9, 1532.9, 1604.3, 1674.3], Weeks(pareto.ExpectedPurchases), 0.3);

        int[] actual = [1359, 1414, 1484, 1517, 1573, 1672];
        for (int i = 0; i < actual.Length; i++)
        {
            var lastDay = new DateOnly(1997, 1, 1).AddDays((7 * (20 + i)) - 1);
            var sofar = Logs.CdnowEvents(ModelUnit.Week, lastDay);
            Assert.Equal(actual[i], sofar.Sum(customer => customer.History.Repeats));
        }

        // Week w ends w weeks after the first customer's first purchase, 38.857 weeks before the cut-off.
        IEnumerable<double> Weeks(NewcomerExpectation expected) =>
            from week in Enumerable.Range(20, 6)
            select histories.Sum(h => Math.Max(0, week - (272 / 7.0) + h.Age) is > 0 and var age
                ? expected(new(0, 0, 0), age)
                : 0);
    }

    private delegate double NewcomerExpectation(in PurchaseHistory h, double horizon);

    private static PurchaseHistory Rounded(PurchaseHistory h) =>
        h with { Recency = Math.Round(h.Recency, 2), Age = Math.Round(h.Age, 2) };

    private static double[] Values<T>(FitResult<T> fit) => [.. fit.Estimates.Select(estimate => estimate.Value)];

    private static void Printed<T>(FitResult<T> fit, double logLikelihood, params double[] values)
    {
        Assert.Equal(logLikelihood, fit.LogLikelihood, logLikelihood == -4055.9177 ? 5e-5 : 5e-4);
        for (int i = 0; i < values.Length; i++) Assert.Equal(1, fit.Estimates[i].Value / values[i], 2e-5);
    }

    private static void Near(double[] expected, IEnumerable<double> actual, double tolerance) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
}
