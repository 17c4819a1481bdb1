namespace StreamScorer.Scoring.Populations;

/// <summary>
/// What the report and the bounds read from one quantity over all customers. Values of a <see cref="LogScale"/> are within 1 % of the exact ones: quantiles and
/// bounds always, totals and means when all values are of one sign (with both, within 1 % of the sum of magnitudes). Days and counts are exact.
/// </summary>
public sealed class Distribution
{
    private readonly Histogram histogram;

    /// <param name="histogram">Not changed afterwards.</param>
    public Distribution(Histogram histogram)
    {
        this.histogram = histogram;
        for (int bucket = histogram.First; bucket <= histogram.Last; bucket++)
        {
            int here = histogram[bucket];
            if (here == 0)
                continue;
            double sum = here * histogram.Scale.Representative(bucket);
            Total += sum;
            PositiveTotal += Math.Max(0, sum);
        }
    }

    /// <summary>Customers measured.</summary>
    public long Count => histogram.Count;

    /// <summary>Sum over all customers.</summary>
    public double Total { get; }

    /// <summary>Sum over the customers whose value is positive.</summary>
    public double PositiveTotal { get; }

    /// <summary>Total / N. May be negative, and unlike a share it then still orders customers rightly. NaN when empty.</summary>
    public double Mean => Total / Count;

    /// <summary>The value that parts the best share of customers from the others, interpolated within its bucket. NaN when empty.</summary>
    /// <param name="share">Share of customers, in (0, 1].</param>
    public double ValueAtTopShare(double share)
    {
        double wanted = share * Count, above = 0;
        for (int bucket = histogram.Last; bucket >= histogram.First; bucket--)
        {
            int here = histogram[bucket];
            if (here > 0 && above + here >= wanted)
                return histogram.Scale.Within(bucket, (wanted - above) / here);
            above += here;
        }
        return double.NaN;
    }

    /// <summary>
    /// The least value whose holders belong to the best share when equals share the middle of their ranks: a crowd of equals is never split, and lies on the
    /// upper side when at least half of it does. Positive infinity when the best are too many to be within the share.
    /// </summary>
    /// <param name="share">Share of customers, in (0, 1].</param>
    public double MidRankBound(double share)
    {
        double wanted = share * Count, above = 0, bound = double.PositiveInfinity;
        for (int bucket = histogram.Last; bucket >= histogram.First; bucket--)
        {
            int here = histogram[bucket];
            if (here == 0)
                continue;
            if (above + here / 2.0 > wanted)
                return bound;
            bound = histogram.Scale.LowerEdge(bucket);
            above += here;
        }
        return bound;
    }

    /// <summary>Share of customers with a higher value, and half of those in the same bucket: 0 best, 1 worst. NaN when empty.</summary>
    public double RankOf(double value)
    {
        int at = histogram.Scale.BucketOf(value);
        double above = histogram[at] / 2.0;
        for (int bucket = histogram.Last; bucket > at && bucket >= histogram.First; bucket--)
            above += histogram[bucket];
        return above / Count;
    }

    /// <summary>The value at and above which the best together have a share of <see cref="PositiveTotal"/>. NaN when nothing is positive.</summary>
    /// <param name="share">Share of the total, in (0, 1].</param>
    public double ValueAtTopShareOfTotal(double share)
    {
        double wanted = share * PositiveTotal, above = 0;
        for (int bucket = histogram.Last; bucket >= histogram.First; bucket--)
        {
            double here = histogram[bucket] * histogram.Scale.Representative(bucket);
            if (here > 0 && above + here >= wanted)
                return histogram.Scale.Within(bucket, Math.Max(0, (wanted - above) / here));
            above += Math.Max(0, here);
        }
        return double.NaN;
    }

    /// <summary>The Lorenz curve: share of the positive total that the poorest i/n of customers have, for i = 0..n. All 0 when nothing is positive.</summary>
    /// <param name="n">Number of steps, at least 1.</param>
    public double[] LorenzPoints(int n)
    {
        var points = new double[n + 1];
        double below = 0, sum = 0;
        int next = 1;
        for (int bucket = histogram.First; bucket <= histogram.Last; bucket++)
        {
            int here = histogram[bucket];
            double value = Math.Max(0, histogram.Scale.Representative(bucket));
            // Within a bucket all are worth the same, so the curve is a straight line.
            for (; next <= n && (double)next / n * Count <= below + here && here > 0; next++)
                points[next] = PositiveTotal > 0 ? Math.Min(1, (sum + ((double)next / n * Count - below) * value) / PositiveTotal) : 0;
            below += here;
            sum += here * value;
        }
        return points;
    }

    /// <summary>
    /// Gini coefficient of the positive parts: 0 when all have the same, near 1 when one has all. Twice the area between the Lorenz curve and the diagonal.
    /// 0 when nothing is positive.
    /// </summary>
    public double Gini
    {
        get
        {
            double sum = 0, area = 0;
            for (int bucket = histogram.First; bucket <= histogram.Last; bucket++)
            {
                double here = histogram[bucket] * Math.Max(0, histogram.Scale.Representative(bucket));
                area += histogram[bucket] * (2 * sum + here);
                sum += here;
            }
            return sum > 0 ? 1 - area / (sum * Count) : 0;
        }
    }
}
