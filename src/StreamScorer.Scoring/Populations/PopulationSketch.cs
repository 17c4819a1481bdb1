using System.Buffers.Binary;

namespace StreamScorer.Scoring.Populations;

/// <summary>
/// Logarithmic histogram of one quantity over customers (the bucket mapping of DDSketch: Masson, Rim, Lee, VLDB 2019): bucket i holds values in
/// (gamma^(i-1), gamma^i], so that any quantile is right within <see cref="RelativeError"/>. Dense and wide enough never to collapse, so that a value can be
/// taken out again exactly. Merging adds the counts. Not safe for concurrent use.
/// </summary>
public sealed class PopulationSketch
{
    /// <summary>Worst relative error of a quantile.</summary>
    public const double RelativeError = 0.01;

    /// <summary>Values nearer to zero than this count as zero, currency units.</summary>
    public const double MagnitudeMin = 0.01;

    /// <summary>Positive buckets; the largest value told apart is about 5e11.</summary>
    public const int BucketsPerSign = 1600;

    private const double Gamma = (1 + RelativeError) / (1 - RelativeError);
    private static readonly double LogGamma = Math.Log(Gamma);
    private static readonly double[] Representatives = [.. Enumerable.Range(0, BucketsPerSign + 1).Select(RepresentativeOf)];

    private readonly int[] counts = new int[2 * BucketsPerSign + 1];

    /// <summary>Number of customers.</summary>
    public long Count { get; private set; }

    /// <summary>Sum of the buckets' representative values, currency units: the total within <see cref="RelativeError"/> when all are of one sign.</summary>
    public double Total { get; private set; }

    /// <summary>The bucket of a value, from -<see cref="BucketsPerSign"/> to <see cref="BucketsPerSign"/>.</summary>
    public static short BucketOf(double value)
    {
        double magnitude = Math.Abs(value);
        if (!(magnitude > MagnitudeMin))
            return 0;
        int bucket = Math.Min(BucketsPerSign, 1 + (int)Math.Floor(Math.Log(magnitude / MagnitudeMin) / LogGamma));
        return (short)(value < 0 ? -bucket : bucket);
    }

    /// <summary>Adds a customer in a bucket.</summary>
    public void Add(short bucket) => Change(bucket, 1);

    /// <summary>Takes a customer out of the bucket it was added to.</summary>
    public void Remove(short bucket) => Change(bucket, -1);

    /// <summary>Adds all customers of another sketch.</summary>
    public void Merge(PopulationSketch other)
    {
        for (int i = 0; i < counts.Length; i++)
            counts[i] += other.counts[i];
        Count += other.Count;
        Total += other.Total;
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Array.Clear(counts);
        (Count, Total) = (0, 0);
    }

    /// <summary>
    /// The value that parts the best <paramref name="share"/> of customers from the others, interpolated within its bucket. NaN when empty.
    /// </summary>
    /// <param name="share">Share of customers, in (0, 1].</param>
    public double ValueAtTopShare(double share)
    {
        double wanted = share * Count;
        double above = 0;
        for (int bucket = BucketsPerSign; bucket >= -BucketsPerSign; bucket--)
        {
            int here = counts[bucket + BucketsPerSign];
            if (here > 0 && above + here >= wanted)
                return Interpolate(bucket, (wanted - above) / here);
            above += here;
        }
        return double.NaN;
    }

    /// <summary>Stored form: version, then bucket and count of every bucket in use.</summary>
    public byte[] Encode()
    {
        int used = counts.Count(c => c != 0);
        byte[] encoded = new byte[1 + used * 6];
        encoded[0] = 1;
        Span<byte> rest = encoded.AsSpan(1);
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0)
                continue;
            BinaryPrimitives.WriteInt16LittleEndian(rest, (short)(i - BucketsPerSign));
            BinaryPrimitives.WriteInt32LittleEndian(rest[2..], counts[i]);
            rest = rest[6..];
        }
        return encoded;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; null when it is of an unknown version.</summary>
    public static PopulationSketch? Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty || encoded[0] != 1)
            return null;
        var sketch = new PopulationSketch();
        for (ReadOnlySpan<byte> rest = encoded[1..]; rest.Length >= 6; rest = rest[6..])
            sketch.Change(BinaryPrimitives.ReadInt16LittleEndian(rest), BinaryPrimitives.ReadInt32LittleEndian(rest[2..]));
        return sketch;
    }

    private static double RepresentativeOf(int bucket) => bucket == 0 ? 0 : MagnitudeMin * Math.Pow(Gamma, bucket) * 2 / (Gamma + 1);

    private void Change(short bucket, int by)
    {
        counts[bucket + BucketsPerSign] += by;
        Count += by;
        Total += by * Math.CopySign(Representatives[Math.Abs(bucket)], bucket);
    }

    // A bound in the middle of a crowded bucket must split the crowd in proportion, else a tier takes the whole bucket.
    private static double Interpolate(int bucket, double fromTop)
    {
        if (bucket == 0)
            return MagnitudeMin * (1 - 2 * fromTop);
        double outer = MagnitudeMin * Math.Pow(Gamma, Math.Abs(bucket)), inner = outer / Gamma;
        return bucket > 0 ? outer * Math.Pow(inner / outer, fromTop) : -inner * Math.Pow(outer / inner, fromTop);
    }
}
