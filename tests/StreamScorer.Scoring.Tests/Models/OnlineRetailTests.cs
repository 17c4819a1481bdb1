using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Models.Fitting;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>
/// The Online Retail log: customers with a first purchase until 2011-06-05, weeks, the 26.7 weeks to 2011-12-09 held out.
/// Its buyers are regular, and without regularity the fit finds nobody leaving.
/// </summary>
public sealed class OnlineRetailTests
{
    [DataFact]
    public void Regularity_2_fits_best_and_predicts_best()
    {
        var log = Logs.OnlineRetail(new(2011, 6, 5), ModelUnit.Week);
        var customers = log.Build();
        Assert.Equal(2754, customers.Count);
        Assert.Equal(4135, customers.Sum(customer => customer.History.Repeats));
        Assert.Equal(.504, customers.Average(customer => customer.History.Repeats == 0 ? 1.0 : 0), 5e-4);
        Assert.Equal(26.7, log.HoldOutHorizon, 0.05);

        var choice = PurchaseModelFit.MbgCnbd(customers);
        Assert.Equal([1, 2, 3], choice.Candidates.Select(fit => fit.Parameters.K));
        Degenerate(choice.Candidates[0], customers, log.HoldOutHorizon);
        var best = choice.Best;
        Assert.Equal(-12364.62, best.LogLikelihood, 5e-3);
        double[] printed = [.85207, 4.00654, .13585, 2.08848];
        for (int i = 0; i < printed.Length; i++) Assert.Equal(printed[i], best.Estimates[i].Value, 6e-6);
        Assert.True(best.Parameters.DropoutIdentified);

        var report = HoldOut.Evaluate(new MbgCnbd(best.Parameters), customers, log.HoldOutHorizon);
        Assert.Equal(6988, report.ActualPurchases);
        Assert.Equal(6320, report.ExpectedPurchases, 0.5);
        Assert.Equal(.683, report.AucNotAlive, 5e-4);
        Assert.Equal(.728, report.AucChurnRisk, 5e-4);
        Assert.Equal(.664, report.AucSilence, 5e-4);
        Assert.Equal(.186, report.BrierChurnRisk, 5e-4);
    }

    [DataFact]
    public void Bg_nbd_over_the_full_year_in_days()
    {
        var fit = PurchaseModelFit.BgNbd(Logs.OnlineRetail(new(2011, 12, 9), ModelUnit.Day).Build());
        Assert.Equal(-61823.47, fit.LogLikelihood, 5e-3);
        double[] printed = [.82654, 68.905, .00344, 6.745];
        double[] tolerance = [5e-5, 5e-3, 5e-5, 0.02];
        for (int i = 0; i < printed.Length; i++) Assert.Equal(printed[i], fit.Estimates[i].Value, tolerance[i]);
    }

    // Without regularity a falls to its bound and b rises until it stops to matter: r, alpha and the likelihood are printed.
    private static void Degenerate(
        FitResult<MbgCnbdParameters> fit, IReadOnlyList<CustomerHistory> customers, double horizon)
    {
        Assert.Equal(-12649.04, fit.LogLikelihood, 5e-3);
        Assert.Equal(.73204, fit.Parameters.R, 1e-5);
        Assert.Equal(8.81867, fit.Parameters.Alpha, 1e-4);
        Assert.False(fit.Parameters.DropoutIdentified);
        Assert.All(fit.Estimates, estimate => Assert.True(double.IsNaN(estimate.StandardError)));
        var report = HoldOut.Evaluate(new MbgCnbd(fit.Parameters), customers, horizon);
        Assert.Equal(6107, report.ExpectedPurchases, 0.5);
        Assert.Equal(.575, report.AucNotAlive, 1e-3);
        Assert.Equal(.724, report.AucChurnRisk, 5e-4);
        Assert.Equal(.188, report.BrierChurnRisk, 5e-4);
        Assert.Equal(.297, report.SilentShare, 5e-4);
        Assert.Equal(.360, report.MeanChurnRisk, 5e-4);
    }
}
