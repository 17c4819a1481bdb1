using StreamScorer.Worker.Observability;

namespace StreamScorer.Worker.Tests.Observability;

public sealed class LatencyWindowTests
{
    [Fact]
    public void Quantiles_are_within_a_bucket_of_the_exact_ones()
    {
        var window = new LatencyWindow();
        for (int ms = 1; ms <= 1_000; ms++)
            window.Add(ms, nowUnixMs: 1_000_000);

        Assert.InRange(window.Quantile(0.5, 1_000_000)!.Value, 500 / 1.1, 500 * 1.1);
        Assert.InRange(window.Quantile(0.99, 1_000_000)!.Value, 990 / 1.1, 990 * 1.1);
    }

    [Fact]
    public void What_is_older_than_a_minute_is_forgotten()
    {
        var window = new LatencyWindow();
        Assert.Null(window.Quantile(0.5, 0));
        window.Add(5, nowUnixMs: 1_000_000);

        Assert.NotNull(window.Quantile(0.5, 1_050_000));
        Assert.Null(window.Quantile(0.5, 1_060_000));
        window.Add(7_000, nowUnixMs: 1_060_000);
        Assert.InRange(window.Quantile(0.5, 1_060_000)!.Value, 6_300, 7_700);
    }
}
