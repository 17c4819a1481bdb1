using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    private static readonly double[] powers = [.. Enumerable.Range(0, BucketsPerSign + 1).Select(i => Math.Pow(Gamma, i))];

    /// <inheritdoc/>
    public override short BucketOf(double value)
    {
        double ratio = Math.Abs(value) / magnitudeMin;
        if (!(ratio >= 1))
            return 0;
        int bucket = 1 + (int)Math.Min(Math.Log2(ratio) * bucketsPerOctave, BucketsPerSign - 1);
        // Rounding may have put a value at the edge of a bucket into the one beside it.
        while (bucket > 1 && ratio < powers[bucket - 1])
            bucket--;
        while (bucket < BucketsPerSign && ratio >= powers[bucket])
            bucket++;
        return (short)(value < 0 ? -bucket : bucket);
    }

    /// <summary><see cref="BucketOf"/> of eight values side by side: by an estimate, and one by one where that is near the edge of a bucket.</summary>
    public Vector128<short> BucketsOf(Vector512<double> values)
    {
        Vector512<double> magnitudes = Vector512.Abs(values), isTold = Vector512.GreaterThanOrEqual(magnitudes, Vector512.Create(magnitudeMin));
        Vector512<double> positions = Vector512.MinNative(Estimate(magnitudes * (1 / magnitudeMin)), Vector512.Create((double)BucketsPerSign));
        Vector512<double> floors = Vector512.Floor(positions), parts = positions - floors;
        Vector512<double> signed = Vector512.CopySign(floors, values) & isTold;
        Vector256<int> whole = Vector256.ConvertToInt32Native(Vector256.Narrow(signed.GetLower(), signed.GetUpper()));
        Vector128<short> buckets = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
        Vector512<double> isAtEdge = Vector512.LessThan(parts, Vector512.Create(EdgeWidth)) | Vector512.GreaterThan(parts, Vector512.Create(1 - EdgeWidth));
        for (ulong left = (isAtEdge & isTold).ExtractMostSignificantBits(); left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            buckets = buckets.WithElement(lane, BucketOf(values.GetElement(lane)));
        }
        return buckets;
    }

    // Exponent and mantissa of the double, with a polynomial between the powers of two that is 0 at both, are the logarithm to the base 2 but for 0.00015, which is
    // half of the edge width: several times faster than a logarithm. The coefficients are those of the least squared error.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Estimate(Vector512<double> ratios)
    {
        Vector512<double> log2 = Vector512.ConvertToDouble(ratios.AsInt64()) * (1.0 / (1L << 52)) - Vector512.Create(1023.0);
        Vector512<double> mantissa = log2 - Vector512.Floor(log2), one = Vector512<double>.One;
        Vector512<double> between = mantissa * (one - mantissa) * (Vector512.Create(0.43807) - mantissa * (Vector512.Create(0.23669) - mantissa * 0.08031));
        return one + (log2 + between) * bucketsPerOctave;
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
