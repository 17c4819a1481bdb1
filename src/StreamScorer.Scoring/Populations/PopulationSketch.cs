namespace StreamScorer.Scoring.Populations;

/// <summary>A partition's customers, or those of several, as one <see cref="Histogram"/> per quantity. Not safe for concurrent use.</summary>
public sealed class PopulationSketch
{
    private const byte Version = 2;
    private readonly Histogram[] histograms;

    /// <summary>Nobody.</summary>
    public PopulationSketch()
        : this([.. Enum.GetValues<Quantity>().Select(quantity => new Histogram(Quantities.ScaleOf(quantity)))])
    {
    }

    private PopulationSketch(Histogram[] histograms)
    {
        this.histograms = histograms;
    }

    /// <summary>Buyers.</summary>
    public long Count => this[Quantity.CustomerValue].Count;

    /// <summary>The histogram of a quantity.</summary>
    public Histogram this[Quantity quantity] => histograms[(int)quantity];

    /// <summary>Moves a customer from the buckets it is in to others.</summary>
    public void Move(ref PopulationBuckets held, in PopulationBuckets next)
    {
        for (int i = 0; i < Quantities.Count; i++)
        {
            // Without asking whether they differ: which ones do is anybody's guess.
            if (held[i] != PopulationBuckets.Unmeasured & next[i] != PopulationBuckets.Unmeasured)
                histograms[i].Move(held[i], next[i]);
            else if (held[i] != PopulationBuckets.Unmeasured)
                histograms[i].Add(held[i], -1);
            else if (next[i] != PopulationBuckets.Unmeasured)
                histograms[i].Add(next[i], 1);
        }
        held = next;
    }

    /// <summary>Adds all customers of another sketch.</summary>
    public void Merge(PopulationSketch other) => Merge(other, 1);

    /// <summary>Takes out all customers of a sketch that was merged before.</summary>
    public void Remove(PopulationSketch other) => Merge(other, -1);

    /// <summary>A copy that later changes do not reach.</summary>
    public PopulationSketch Copy() => new(Array.ConvertAll(histograms, histogram => histogram.Copy()));

    /// <summary>Stored form: version, then per quantity the number of buckets in use and, rising, the distance from the bucket before and the count.</summary>
    public byte[] Encode()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        foreach (Histogram histogram in histograms)
        {
            int used = 0;
            for (int bucket = histogram.First; bucket <= histogram.Last; bucket++)
                used += histogram[bucket] != 0 ? 1 : 0;
            writer.Write7BitEncodedInt(used);
            int before = short.MinValue;
            for (int bucket = histogram.First; bucket <= histogram.Last; bucket++)
            {
                if (histogram[bucket] == 0)
                    continue;
                writer.Write7BitEncodedInt(bucket - before);
                writer.Write7BitEncodedInt(histogram[bucket]);
                before = bucket;
            }
        }
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; null when it is of another version or cut off.</summary>
    public static PopulationSketch? Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty || encoded[0] != Version)
            return null;
        var sketch = new PopulationSketch();
        using var reader = new BinaryReader(new MemoryStream(encoded[1..].ToArray()));
        try
        {
            foreach (Histogram histogram in sketch.histograms)
            {
                int bucket = short.MinValue;
                for (int left = reader.Read7BitEncodedInt(); left > 0; left--)
                {
                    bucket += reader.Read7BitEncodedInt();
                    histogram.Add((short)bucket, reader.Read7BitEncodedInt());
                }
            }
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            return null;
        }
        return sketch;
    }

    private void Merge(PopulationSketch other, int sign)
    {
        for (int i = 0; i < Quantities.Count; i++)
            histograms[i].Merge(other.histograms[i], sign);
    }
}
