using StreamScorer.Scoring.Populations;
using Xunit;

namespace StreamScorer.Scoring.Tests.Populations;

/// <summary>Figures of small populations, worked out by hand. Whole numbers are exact in a <see cref="WholeScale"/>, so nothing hides behind the 1 %.</summary>
public sealed class DistributionTests
{
    [Fact]
    public void Totals_means_and_ranks()
    {
        Distribution d = Whole(-30, 0, 10, 10, 60);
        Assert.Equal((5, 50, 80, 10), (d.Count, d.Total, d.PositiveTotal, d.Mean));
        // 60 has nobody above it and half of itself; the tens have 60 and half of themselves.
        Assert.Equal([0.1, 0.4, 0.7, 0.9], new[] { 60.0, 10, 0, -30 }.Select(d.RankOf));
    }

    [Fact]
    public void A_negative_total_has_a_negative_mean() => Assert.Equal(-25, Whole(-100, 50).Mean);

    [Theory]
    [InlineData(0.2, 60)]
    [InlineData(0.4, 10)]
    [InlineData(0.6, 10)]
    [InlineData(1.0, -30)]
    public void Value_at_a_top_share(double share, double value) => Assert.Equal(value, Whole(-30, 0, 10, 10, 60).ValueAtTopShare(share));

    [Theory]
    [InlineData(0.5, 60)]
    [InlineData(0.75, 60)]
    [InlineData(0.76, 10)]
    [InlineData(1.0, 10)]
    public void Value_at_a_share_of_the_total_counts_positive_parts(double share, double value) =>
        Assert.Equal(value, Whole(-30, 0, 10, 10, 60).ValueAtTopShareOfTotal(share));

    [Fact]
    public void Lorenz_points_of_1_2_3_4() =>
        // Cumulated 1, 3, 6, 10 of 10.
        Assert.Equal([0, 0.1, 0.3, 0.6, 1], Whole(1, 2, 3, 4).LorenzPoints(4).Select(p => Math.Round(p, 12)));

    [Theory]
    [InlineData(0.25, 1, 2, 3, 4)]
    [InlineData(0, 5, 5, 5, 5)]
    [InlineData(0.75, 0, 0, 0, 8)]
    [InlineData(0.75, -9, 0, -2, 8)]
    [InlineData(0, -1, -2)]
    public void Gini(double expected, params int[] values) => Assert.Equal(expected, Whole(values).Gini, 12);

    [Fact]
    public void An_empty_population_has_no_values()
    {
        Distribution d = Whole();
        Assert.Equal([double.NaN, double.NaN, double.NaN, double.NaN], new[] { d.Mean, d.ValueAtTopShare(0.5), d.ValueAtTopShareOfTotal(0.8), d.RankOf(1) });
        Assert.Equal([0, 0, 0], d.LorenzPoints(2));
        Assert.Equal(0, d.Gini);
    }

    [Theory]
    [InlineData(0.19, double.PositiveInfinity)]
    [InlineData(0.2, 10)]
    [InlineData(0.69, 10)]
    [InlineData(0.7, 1)]
    public void A_crowd_of_equals_shares_the_middle_of_its_ranks(double share, double bound) =>
        // Four tens with the middle rank .2, six ones with the middle rank .7.
        Assert.Equal(bound, Whole(10, 10, 10, 10, 1, 1, 1, 1, 1, 1).MidRankBound(share));

    private static Distribution Whole(params int[] values)
    {
        var histogram = new Histogram(new WholeScale(0));
        foreach (int value in values)
            histogram.Add(histogram.Scale.BucketOf(value), 1);
        return new Distribution(histogram);
    }
}
