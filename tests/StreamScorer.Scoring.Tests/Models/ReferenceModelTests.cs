using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Models.Reference;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>
/// Figures printed by others for given parameters, in weeks of the CDNOW sample. The tolerances are the printed precision;
/// where the printed figures were made with parameters of more digits than are printed, the comment says so.
/// </summary>
public sealed class ReferenceModelTests
{
    // Hardie's spreadsheet rounds its parameters to three digits; the BTYD document prints seven.
    private static readonly BgNbd Sheet = new(0.243, 4.414, 0.793, 2.426);
    private static readonly BgNbd Btyd = new(0.2425982, 4.4136842, 0.7929899, 2.4261667);
    private static readonly ParetoNbd BtydPareto = new(0.5533971, 10.5801985, 0.6060625, 11.6562237);

    [Fact]
    public void Bg_conditional_expectation_of_Hardies_sheet() =>
        Assert.Equal(1.226, Sheet.ExpectedPurchases(new(2, 30.43, 38.86), 39), 5e-4);

    [Theory]
    [InlineData(0.1429, .0078)]
    [InlineData(1, .0532)]
    [InlineData(3, .1506)]
    [InlineData(31.8571, 1.0405)]
    [InlineData(32, 1.0437)]
    public void Bg_expectation_of_a_newcomer_in_Hardies_sheet(double t, double printed) =>
        Assert.Equal(printed, new BgNbd(.24259, 4.41360, .79292, 2.42591).ExpectedPurchases(new(0, 0, 0), t), 5e-5);

    [Fact]
    public void Bg_customer_1516_of_the_Btyd_document()
    {
        var h = new PurchaseHistory(26, 30.857142857, 31);
        Assert.Equal(25.75659, Btyd.ExpectedPurchases(h, 52), 1e-4);
        Assert.Equal(.9688523, Btyd.AliveProbability(h), 5e-7);
        Assert.Equal(1.444004, Btyd.ExpectedPurchases(new(0, 0, 0), 52), 1e-5);
    }
}
