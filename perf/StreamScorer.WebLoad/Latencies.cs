namespace StreamScorer.WebLoad;

/// <summary>Latencies, milliseconds.</summary>
internal sealed class Latencies(IEnumerable<double> ms)
{
    private readonly double[] sorted = [.. ms.Order()];

    /// <summary>The smallest that the share of all is not above; the share is above 0 and up to 1.</summary>
    public double Quantile(double share) => Math.Round(sorted[(int)Math.Ceiling(share * sorted.Length) - 1], 2);
}
