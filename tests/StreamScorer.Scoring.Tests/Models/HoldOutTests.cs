using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Models.Fitting;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>Measures of prediction, worked by hand.</summary>
public sealed class HoldOutTests
{
    [Fact]
    public void Auc_is_the_share_of_pairs_in_the_right_order()
    {
        // Positives .9 and .4 against negatives .4 and .1: right, right, tied, right.
        Assert.Equal(3.5 / 4, HoldOut.Auc([.9, .4, .4, .1], [true, false, true, false]));
        Assert.Equal(1, HoldOut.Auc([3, 2, 1], [true, false, false]));
        Assert.Equal(0, HoldOut.Auc([1, 2, 3], [true, false, false]));
        Assert.Equal(0.5, HoldOut.Auc([7, 7, 7], [true, false, true]));
        Assert.Equal(double.NaN, HoldOut.Auc([1, 2], [true, true]));
    }

    [Fact]
    public void Brier_is_the_mean_squared_miss() =>
        Assert.Equal((0.01 + 0.36) / 2, HoldOut.Brier([.9, .6], [true, false]), 1e-15);

    [Fact]
    public void Rows_gather_the_customers_from_the_last_row_on()
    {
        PurchaseHistory[] histories = [new(0, 0, 9), new(3, 1, 9), new(0, 0, 9), new(2, 1, 9)];
        var rows = HoldOut.ByRepeats(histories, actual: [1, 4, 0, 2], expected: [.2, 3, .4, 2], lastRow: 2);
        Assert.Equal(2, rows.Count);
        Assert.Equal(new HoldOutRow(0, 2, 0.5, (.2 + .4) / 2), rows[0]);
        Assert.Equal(new HoldOutRow(2, 2, 3, 2.5), rows[1]);
    }

    [Fact]
    public void A_report_sets_prediction_beside_outcome()
    {
        PurchaseHistory[] histories = [new(0, 0, 9), new(3, 8, 9)];
        var report = HoldOut.Evaluate(histories, actual: [0, 4], expected: [.5, 3], alive: [.3, .8], noPurchase: [.9, .1]);
        Assert.Equal(new HoldOutReport(2, 4, 3.5, 0.5, 0.5, 1, 1, 1, report.BrierChurnRisk), report);
        Assert.Equal(0.01, report.BrierChurnRisk, 1e-15);
    }
}
