namespace StreamScorer.Scoring.Tiers;

/// <summary>
/// Where an axis may move without anything to do: per axis and held position the values from the lower end of its band up to the next better bound, of all schemes
/// in one table. Nearly every event leaves nearly every axis there, and two comparisons tell.
/// </summary>
/// <remarks>
/// A scheme's step stays the definition: what is within its range no step moves, but outside of all ranges are also a position that is not held yet and a scheme
/// without bounds, whose steps may move nothing.
/// </remarks>
internal sealed class HeldRanges
{
    // More than any axis has: what a record holds beyond them is in none of the ranges.
    private const int Positions = 8;

    private readonly (double From, double Below)[] ranges = new (double, double)[SchemeIds.AxisCount * Positions];

    public HeldRanges() => Array.Fill(ranges, (double.NaN, double.NaN));

    /// <summary>Sets the ranges of a scheme.</summary>
    /// <param name="id">The scheme.</param>
    /// <param name="bounds">Its bounds per axis.</param>
    public void Set(SchemeId id, ReadOnlySpan<AxisBounds> bounds)
    {
        for (int axis = 0; axis < bounds.Length; axis++)
        {
            for (int position = 1; position <= bounds[axis].Positions; position++)
            {
                double below = position == 1 ? double.PositiveInfinity : bounds[axis].Rise(position - 1);
                ranges[(SchemeIds.FirstAxis(id) + axis) * Positions + position] = (bounds[axis].Fall(position), below);
            }
        }
    }

    /// <summary>Whether a position without grace stays as it is at a value.</summary>
    /// <param name="axis">Index of the axis among all.</param>
    /// <param name="position">Position held; 0, for none yet, never stays.</param>
    /// <param name="value">The axis now, higher is better.</param>
    public bool Keeps(int axis, byte position, double value)
    {
        (double from, double below) = ranges[PlaceOf(axis, position)];
        return value >= from & value < below;
    }

    /// <summary>Whether a value is below a position's own bound: there its grace goes on, at the bound it is averted. Never so for the last position, which has none.</summary>
    public bool IsBelowBound(int axis, byte position, double value) => value < ranges[PlaceOf(axis, (byte)(position + 1))].Below;

    private static int PlaceOf(int axis, byte position) => axis * Positions + Math.Min(position, (byte)(Positions - 1));
}
