using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Scoring.Populations;

/// <summary>A snapshot of all buyers of all partitions, handed to the scorer as a value. Immutable.</summary>
public sealed class Population
{
    private readonly Distribution[] distributions;
    private readonly AxisBounds[]?[] bounds = new AxisBounds[]?[SchemeIds.Count];

    /// <summary>Nobody: relative schemes keep what is held.</summary>
    public static readonly Population None = new(0, new PopulationSketch(), []);

    /// <param name="version">Number of the snapshot, from 1; 0 is <see cref="None"/>.</param>
    /// <param name="sketch">All customers; not changed afterwards.</param>
    /// <param name="schemes">The policy's schemes; the relative ones get their bounds from this population.</param>
    public Population(long version, PopulationSketch sketch, IReadOnlyList<TierScheme> schemes)
    {
        Version = version;
        Count = sketch.Count;
        distributions = [.. Enum.GetValues<Quantity>().Select(quantity => new Distribution(sketch[quantity]))];
        foreach (TierScheme scheme in schemes)
        {
            if (scheme.IsRelative)
                Ranges.Set(scheme.Id, bounds[(int)scheme.Id] = scheme.Calibrate(this));
        }
    }

    /// <summary>Number of the snapshot.</summary>
    public long Version { get; }

    /// <summary>Customers with a purchase.</summary>
    public long Count { get; }

    /// <summary>Where the axes of relative schemes may move without anything to do.</summary>
    internal HeldRanges Ranges { get; } = new();

    /// <summary>One quantity over all customers.</summary>
    public Distribution this[Quantity quantity] => distributions[(int)quantity];

    /// <summary>Bounds of a relative scheme's axes; null when it does not run.</summary>
    public AxisBounds[]? BoundsOf(SchemeId scheme) => bounds[(int)scheme];
}
