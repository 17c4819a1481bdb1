namespace StreamScorer.LoadTest.Measures;

/// <summary>Latencies in buckets of a tenth of a millisecond up to ten seconds. Not safe for concurrent use.</summary>
internal sealed class Latencies
{
    private const double BucketMs = 0.1;
    private readonly long[] counts = new long[100_001];

    /// <summary>Number recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Largest, milliseconds.</summary>
    public double MaxMs { get; private set; }

    /// <summary>Records one.</summary>
    public void Add(double ms)
    {
        counts[(int)Math.Clamp(ms / BucketMs, 0, counts.Length - 1)]++;
        Count++;
        MaxMs = Math.Max(MaxMs, ms);
    }

    /// <summary>The latency that a share of all is not above, milliseconds; NaN when there is none.</summary>
    public double Quantile(double share)
    {
        long wanted = (long)Math.Ceiling(share * Count), seen = 0;
        for (int i = 0; i < counts.Length && Count > 0; i++)
        {
            seen += counts[i];
            if (seen >= wanted)
                return Math.Round((i + 1) * BucketMs, 1);
        }
        return double.NaN;
    }
}
