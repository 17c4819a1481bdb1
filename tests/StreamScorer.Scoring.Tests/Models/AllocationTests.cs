using StreamScorer.Scoring.Models;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>Scoring runs for every event of every customer: the models must leave nothing for the garbage collector.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Evaluating_a_history_allocates_nothing(int k)
    {
        var model = new MbgCnbd(new(k, 0.525 * k, 6.183, 0.891, 1.614));
        var table = new ResidualTable(model, 0.0027, 156, maxAge: 520);
        var spend = new GammaGamma(6.25, 3.74, 15.44);
        // Inside the table, beyond its repeats, beyond its ages.
        PurchaseHistory[] histories = [new(0, 0, 0), new(2, 30.43, 38.86), new(300, 100, 101), new(3, 500, 530)];
        double warmUp = Evaluate(model, table, spend, histories);
        long before = GC.GetAllocatedBytesForCurrentThread();
        double measured = Evaluate(model, table, spend, histories);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
        Assert.Equal(warmUp, measured);
    }

    private static double Evaluate(MbgCnbd model, ResidualTable table, GammaGamma spend, PurchaseHistory[] histories)
    {
        double sum = 0;
        foreach (ref readonly var h in histories.AsSpan())
        {
            sum += model.AliveProbability(h) + model.NoPurchaseProbability(h, 13) + model.ExpectedPurchases(h, 52);
            sum += model.SilenceUntilAlive(h.Repeats, h.Recency, 0.4) is var silence && double.IsFinite(silence) ? silence : 0;
            sum += model.MedianTimeToNextPurchase(h) + model.LogLikelihood(h, 0);
            sum += table.GivenAlive(h) + table.DiscountedResidual(h);
            sum += spend.ExpectedSpend(h.Repeats, 30) + spend.LogLikelihood(h.Repeats, 30);
        }
        return sum;
    }
}
