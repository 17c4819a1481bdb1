using System.Runtime.CompilerServices;

namespace StreamScorer.Scoring.Populations;

/// <summary>Maps values to numbered buckets and back. Higher buckets hold higher values.</summary>
public abstract class BucketScale
{
    /// <summary>The bucket of a value; values beyond the ends are in the outermost ones.</summary>
    public abstract short BucketOf(double value);

    /// <summary>The value that stands for all in a bucket.</summary>
    public abstract double Representative(int bucket);

    /// <summary>Lowest value of a bucket: a bound here has the whole bucket on its upper side.</summary>
    public abstract double LowerEdge(int bucket);

    /// <summary>The value that has a share of its bucket's customers above it, as if they were spread evenly over it.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="fromTop">Share above, 0 to 1.</param>
    public abstract double Within(int bucket, double fromTop);
}

/// <summary>
/// Logarithmic buckets (the mapping of DDSketch: Masson, Rim, Lee, VLDB 2019): bucket i > 0 holds values in [m gamma^(i-1), m gamma^i), with
/// gamma = (1+e)/(1-e), so that its representative is within the relative error e of all of them; -i the same below zero, 0 everything nearer to zero than m.
/// </summary>
/// <param name="magnitudeMin">m: values nearer to zero count as zero.</param>
public sealed class LogScale(double magnitudeMin) : BucketScale
{
    /// <summary>Worst relative error e of a value read back from its bucket.</summary>
    public const double RelativeError = 0.01;

    /// <summary>Buckets per sign; with m = 0.01 the largest value told apart is about 8e11.</summary>
    public const int BucketsPerSign = 1600;

    // Part of a bucket at each end where the estimate may be off by one.
    private const double EdgeWidth = 0.01;

    private const double Gamma = (1 + RelativeError) / (1 - RelativeError);
    private static readonly double bucketsPerOctave = 1 / Math.Log2(Gamma);
    private readonly double perMagnitudeMin = 1 / magnitudeMin;
    private static readonly double[] powers = [.. Enumerable.Range(0, BucketsPerSign + 1).Select(i => Math.Pow(Gamma, i))];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override short BucketOf(double value)
    {
        double magnitude = Math.Abs(value);
        if (!(magnitude >= magnitudeMin))
            return 0;
        double position = Math.Min(Estimate(magnitude * perMagnitudeMin), BucketsPerSign);
        int bucket = (int)position;
        if (position - bucket is < EdgeWidth or > 1 - EdgeWidth)
            bucket = Corrected(bucket, magnitude / magnitudeMin);
        return (short)(value < 0 ? -bucket : bucket);
    }

    /// <summary><see cref="BucketOf"/> of several values.</summary>
    public void BucketsOf(ReadOnlySpan<double> values, Span<short> buckets)
    {
        for (int i = 0; i < values.Length; i++)
            buckets[i] = BucketOf(values[i]);
    }

    private static int Corrected(int bucket, double ratio)
    {
        while (bucket > 1 && ratio < powers[bucket - 1])
            bucket--;
        while (bucket < BucketsPerSign && ratio >= powers[bucket])
            bucket++;
        return bucket;
    }

    // Exponent and mantissa of the double, with a polynomial between the powers of two that is 0 at both, are the logarithm to the base 2 but for 0.00015, which is
    // half of the edge width: several times faster than a logarithm. The coefficients are those of the least squared error.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Estimate(double ratio)
    {
        double log2 = BitConverter.DoubleToInt64Bits(ratio) * (1.0 / (1L << 52)) - 1023, mantissa = log2 - Math.Floor(log2);
        double between = mantissa * (1 - mantissa) * (0.43807 - mantissa * (0.23669 - mantissa * 0.08031));
        return 1 + (log2 + between) * bucketsPerOctave;
    }

    /// <inheritdoc/>
    public override double Representative(int bucket) => bucket == 0 ? 0 : Math.CopySign(magnitudeMin * powers[Math.Abs(bucket)] * 2 / (Gamma + 1), bucket);

    /// <inheritdoc/>
    public override double LowerEdge(int bucket) =>
        bucket > 0 ? magnitudeMin * powers[bucket - 1] : bucket == 0 ? -magnitudeMin : -magnitudeMin * powers[-bucket];

    /// <inheritdoc/>
    public override double Within(int bucket, double fromTop)
    {
        if (bucket == 0)
            return magnitudeMin * (1 - 2 * fromTop);
        double outer = magnitudeMin * powers[Math.Abs(bucket)];
        return bucket > 0 ? outer * Math.Pow(Gamma, -fromTop) : -outer * Math.Pow(Gamma, fromTop - 1);
    }
}

/// <summary>One bucket per whole number: exact for days and counts.</summary>
/// <param name="centre">The number in bucket 0; 32,767 to either side are told apart.</param>
public sealed class WholeScale(int centre) : BucketScale
{
    /// <inheritdoc/>
    public override short BucketOf(double value) => (short)Math.Clamp(Math.Floor(value) - centre, -short.MaxValue, short.MaxValue);

    /// <inheritdoc/>
    public override double Representative(int bucket) => bucket + centre;

    /// <inheritdoc/>
    public override double LowerEdge(int bucket) => bucket + centre;

    /// <inheritdoc/>
    public override double Within(int bucket, double fromTop) => bucket + centre;
}
