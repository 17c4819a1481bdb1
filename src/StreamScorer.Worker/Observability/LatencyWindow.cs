namespace StreamScorer.Worker.Observability;

/// <summary>
/// Latencies of the last minute in logarithmic buckets of 9 % width, from a tenth of a millisecond to a day and more. Ten-second slots: the oldest leaves as a
/// new one begins. Safe for concurrent use.
/// </summary>
internal sealed class LatencyWindow
{
    private const int Slots = 6, SlotMs = 10_000, BucketsPerDoubling = 8, Buckets = 256;
    private const double SmallestMs = 0.1;
    private readonly Lock gate = new();
    private readonly int[][] counts = [.. Enumerable.Range(0, Slots).Select(_ => new int[Buckets])];
    private readonly long[] slotNumbers = new long[Slots];

    /// <summary>Adds one latency, milliseconds.</summary>
    public void Add(double latencyMs, long nowUnixMs)
    {
        int bucket = (int)Math.Clamp(Math.Log2(Math.Max(latencyMs, SmallestMs) / SmallestMs) * BucketsPerDoubling, 0, Buckets - 1);
        long number = nowUnixMs / SlotMs;
        int slot = (int)(number % Slots);
        lock (gate)
        {
            if (slotNumbers[slot] != number)
            {
                Array.Clear(counts[slot]);
                slotNumbers[slot] = number;
            }
            counts[slot][bucket]++;
        }
    }

    /// <summary>The latency that a share of the last minute's did not exceed, milliseconds; null when there was none.</summary>
    /// <param name="share">In (0, 1].</param>
    public double? Quantile(double share, long nowUnixMs)
    {
        var sum = new long[Buckets];
        lock (gate)
        {
            for (int slot = 0; slot < Slots; slot++)
            {
                if (slotNumbers[slot] <= nowUnixMs / SlotMs - Slots)
                    continue;
                for (int bucket = 0; bucket < Buckets; bucket++)
                    sum[bucket] += counts[slot][bucket];
            }
        }
        double wanted = share * sum.Sum();
        long below = 0;
        for (int bucket = 0; bucket < Buckets && wanted > 0; bucket++)
        {
            below += sum[bucket];
            if (below >= wanted)
                return Math.Round(SmallestMs * Math.Pow(2, (bucket + 0.5) / BucketsPerDoubling), 1);
        }
        return null;
    }
}
