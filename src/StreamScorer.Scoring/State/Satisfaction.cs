using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StreamScorer.Scoring.State;

/// <summary>
/// Ratings as decayed sums of (rating - 1) / 4, over all and by phase and factor, and what the customer says it gained and gave up. 108 bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SatisfactionHistory
{
    /// <summary>Ratings.</summary>
    public int Count;

    /// <summary>Sum of weights, decayed.</summary>
    public double Weight;

    /// <summary>Sum of weights x (rating - 1) / 4, decayed.</summary>
    public double WeightedRating;

    /// <summary>Gain as the customer sees it, F, <see cref="Events.Money"/> units.</summary>
    public long PerceivedGain;

    /// <summary>Cost as the customer sees it, C, <see cref="Events.Money"/> units.</summary>
    public long PerceivedCost;

    /// <summary>The same sums for ratings before, during and after the sale.</summary>
    public PhaseRatings Phases;

    /// <summary>The same sums by the policy's factors, in their order.</summary>
    public FactorRatings Factors;
}

/// <summary>Decayed ratings in single precision: about 1e-7 relative, enough for a degree between 0 and 1. 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct RatingSum
{
    /// <summary>Sum of weights.</summary>
    public float Weight;

    /// <summary>Sum of weights x (rating - 1) / 4.</summary>
    public float WeightedRating;
}

/// <summary>One sum per phase: before, during, after.</summary>
[InlineArray(3)]
public struct PhaseRatings
{
    private RatingSum first;
}

/// <summary>One sum per factor.</summary>
[InlineArray(Capacity)]
public struct FactorRatings
{
    /// <summary>Factors told apart.</summary>
    public const int Capacity = 6;

    private RatingSum first;
}
