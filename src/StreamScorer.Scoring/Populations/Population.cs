using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Populations;

/// <summary>A snapshot of all customers of all partitions, handed to the scorer as a value. Immutable.</summary>
public sealed class Population
{
    private readonly PopulationSketch values;

    /// <summary>Nobody: relative schemes say unranked.</summary>
    public static readonly Population None = new(0, new PopulationSketch(), new PyramidPolicy());

    /// <param name="version">Number of the snapshot; part of the id of the transitions it causes.</param>
    /// <param name="values">Customer values; not changed afterwards.</param>
    /// <param name="pyramid">The pyramid's shares.</param>
    public Population(long version, PopulationSketch values, PyramidPolicy pyramid)
    {
        this.values = values;
        Version = version;
        Pyramid = PyramidScheme.BoundsOf(pyramid, values);
    }

    /// <summary>Number of the snapshot.</summary>
    public long Version { get; }

    /// <summary>Customers with a purchase.</summary>
    public long Count => values.Count;

    /// <summary>Bounds of the pyramid.</summary>
    public AxisBounds Pyramid { get; }

    /// <summary>The value that parts the best share of customers from the others, currency units; NaN when empty.</summary>
    public double ValueAtTopShare(double share) => values.ValueAtTopShare(share);
}
