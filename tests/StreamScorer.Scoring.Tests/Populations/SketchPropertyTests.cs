using System.Runtime.Intrinsics;
using FsCheck;
using FsCheck.Fluent;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Tests.Models;
using Xunit;

namespace StreamScorer.Scoring.Tests.Populations;

/// <summary>What holds for every population.</summary>
public sealed class SketchPropertyTests
{
    // Amounts of either sign over eight orders of magnitude, with zeros.
    private static readonly Gen<double> amounts = Gen.Frequency(
        (1, Gen.Constant(0.0)), (6, ModelGenerators.LogUniform(0.02, 1e6)), (2, ModelGenerators.LogUniform(0.02, 1e6).Select(v => -v)));

    private static readonly Gen<PopulationBuckets> customers =
        from value in amounts
        from growth in amounts
        from day in Gen.Choose(-10_000, 40_000)
        select Buckets(value, growth, day);

    [Fact]
    public void Merging_in_any_order_is_the_same() => ModelGenerators.Holds(
        customers.ArrayOf().Select(all => (all, split: all.Length / 3)),
        c =>
        {
            PopulationSketch a = Sketch(c.all[..c.split]), b = Sketch(c.all[c.split..]);
            byte[] whole = Sketch(c.all).Encode();
            return Merged(a, b).Encode().SequenceEqual(whole) && Merged(b, a).Encode().SequenceEqual(whole);
        });

    [Fact]
    public void Taking_out_what_was_put_in_leaves_nothing() => ModelGenerators.Holds(
        customers.ArrayOf(),
        all =>
        {
            PopulationSketch sketch = Sketch(all), merged = Merged(sketch, Sketch(all));
            merged.Remove(sketch);
            foreach (PopulationBuckets customer in all)
            {
                PopulationBuckets held = customer;
                sketch.Move(ref held, PopulationBuckets.None);
            }
            return merged.Encode().SequenceEqual(Sketch(all).Encode()) && sketch.Encode().SequenceEqual(new PopulationSketch().Encode());
        });

    [Fact]
    public void Who_moved_is_counted_where_it_is_now_alone() => ModelGenerators.Holds(
        from before in customers
        from after in Gen.OneOf(customers, Gen.Constant(before), Gen.Constant(PopulationBuckets.None))
        select (before, after),
        c =>
        {
            var sketch = Sketch([c.before]);
            PopulationBuckets held = c.before;
            sketch.Move(ref held, in c.after);
            return ((ReadOnlySpan<short>)held).SequenceEqual(c.after) && sketch.Encode().SequenceEqual(Sketch([c.after]).Encode());
        });

    [Fact]
    public void What_is_stored_is_read_back() => ModelGenerators.Holds(
        customers.ArrayOf(), all => PopulationSketch.Decode(Sketch(all).Encode()) is { } read && read.Encode().SequenceEqual(Sketch(all).Encode()));

    [Fact]
    public void Quantiles_are_within_1_percent_of_exact_sorting() => ModelGenerators.Holds(
        from values in amounts.NonEmptyListOf().Select(list => list.ToArray())
        from rank in Gen.Choose(1, values.Length)
        select (values, rank),
        c =>
        {
            double exact = c.values.OrderDescending().ElementAt(c.rank - 1);
            // In the middle of the rank, where interpolation within a bucket cannot run over into the next one.
            double read = Values(c.values).ValueAtTopShare((c.rank - 0.5) / c.values.Length);
            double width = 2 * LogScale.RelativeError / (1 - LogScale.RelativeError);
            return Math.Abs(read - exact) <= width * Math.Abs(exact) + 0.01;
        });

    [Fact]
    public void A_bucket_stands_for_its_values_within_1_percent() => ModelGenerators.Holds(
        amounts,
        value =>
        {
            var scale = new LogScale(0.01);
            double read = scale.Representative(scale.BucketOf(value));
            return Math.Abs(read - value) <= LogScale.RelativeError * Math.Abs(value) * (1 + 1e-9);
        });

    [Fact]
    public void Totals_are_within_1_percent_of_the_magnitudes() => ModelGenerators.Holds(
        amounts.NonEmptyListOf(),
        values => Math.Abs(Values([.. values]).Total - values.Sum()) <= LogScale.RelativeError * values.Sum(Math.Abs) * (1 + 1e-9) + 1e-9);

    [Fact]
    public void The_gini_coefficient_is_within_2_percent_of_the_exact_one() => ModelGenerators.Holds(
        amounts.NonEmptyListOf().Where(values => values.Any(v => v > 0)),
        values => Math.Abs(Values([.. values]).Gini - ExactGini([.. values.Select(v => Math.Max(0, v)).Order()])) <= 0.02);

    [Fact]
    public void Extreme_values_are_in_the_outermost_buckets()
    {
        var scale = new LogScale(0.01);
        Assert.Equal((LogScale.BucketsPerSign, -LogScale.BucketsPerSign, 0, 0), (
            scale.BucketOf(double.PositiveInfinity), scale.BucketOf(double.NegativeInfinity), scale.BucketOf(double.NaN), scale.BucketOf(0.0099)));
        Assert.Equal((32_767, -32_767), (new WholeScale(0).BucketOf(1e9), new WholeScale(0).BucketOf(-1e9)));
    }

    [Fact]
    public void Eight_values_side_by_side_are_in_the_buckets_of_each()
    {
        var scale = new LogScale(0.01);
        for (int bucket = -LogScale.BucketsPerSign; bucket <= LogScale.BucketsPerSign; bucket++)
        {
            double edge = scale.LowerEdge(bucket);
            Vector512<double> values = Vector512.Create(
                edge, Math.BitIncrement(edge), Math.BitDecrement(edge), scale.Representative(bucket), scale.Within(bucket, 0.01), scale.Within(bucket, 0.99), -edge,
                edge * 1e9);
            Assert.Equal(Enumerable.Range(0, 8).Select(lane => scale.BucketOf(values[lane])), Enumerable.Range(0, 8).Select(lane => scale.BucketsOf(values)[lane]));
        }
        Vector512<double> extremes = Vector512.Create(
            double.PositiveInfinity, double.NegativeInfinity, double.NaN, 0.0099, -0.01, double.MaxValue, double.MinValue, double.Epsilon);
        Assert.Equal(
            [LogScale.BucketsPerSign, -LogScale.BucketsPerSign, 0, 0, -1, LogScale.BucketsPerSign, -LogScale.BucketsPerSign, 0],
            Enumerable.Range(0, 8).Select(lane => (int)scale.BucketsOf(extremes)[lane]));
    }

    [Fact]
    public void Bytes_of_another_version_or_cut_off_are_not_read()
    {
        byte[] encoded = Sketch([Buckets(1, 2, 3)]).Encode();
        Assert.Null(PopulationSketch.Decode([]));
        Assert.Null(PopulationSketch.Decode([1, .. encoded[1..]]));
        Assert.Null(PopulationSketch.Decode(encoded.AsSpan(0, encoded.Length - 1)));
    }

    private static double ExactGini(double[] rising)
    {
        // G = sum (2 i - n - 1) x_i / (n sum x), i from 1 in rising order.
        int n = rising.Length;
        return rising.Select((x, i) => (2.0 * (i + 1) - n - 1) * x).Sum() / (n * rising.Sum());
    }

    private static PopulationBuckets Buckets(double value, double growth, int day)
    {
        PopulationBuckets buckets = PopulationBuckets.None;
        buckets[(int)Quantity.CustomerValue] = Quantities.ScaleOf(Quantity.CustomerValue).BucketOf(value);
        buckets[(int)Quantity.GrowthValue] = Quantities.ScaleOf(Quantity.GrowthValue).BucketOf(growth);
        buckets[(int)Quantity.LastPurchaseDay] = Quantities.ScaleOf(Quantity.LastPurchaseDay).BucketOf(day);
        return buckets;
    }

    private static PopulationSketch Sketch(IEnumerable<PopulationBuckets> customers)
    {
        var sketch = new PopulationSketch();
        foreach (PopulationBuckets customer in customers)
        {
            PopulationBuckets held = PopulationBuckets.None;
            sketch.Move(ref held, in customer);
        }
        return sketch;
    }

    private static PopulationSketch Merged(PopulationSketch a, PopulationSketch b)
    {
        var merged = new PopulationSketch();
        merged.Merge(a);
        merged.Merge(b);
        return merged;
    }

    private static Distribution Values(double[] values)
    {
        var histogram = new Histogram(Quantities.ScaleOf(Quantity.CustomerValue));
        foreach (double value in values)
            histogram.Add(histogram.Scale.BucketOf(value), 1);
        return new Distribution(histogram);
    }
}
