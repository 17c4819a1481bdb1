using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StreamScorer.Scoring.Tiers;

/// <summary>
/// Where an axis may move without anything to do: per axis and held position the values from the lower end of its band up to the next better bound. Nearly every event
/// leaves nearly every axis there, and two comparisons tell, for eight axes at a time.
/// </summary>
/// <remarks>
/// A scheme's step stays the definition: what is within its range no step moves, but outside of all ranges are also a position that is not held yet and a scheme
/// without bounds, whose steps may move nothing.
/// </remarks>
internal sealed class HeldRanges
{
    private readonly ByPosition[] from = new ByPosition[AxisLanes.Groups], below = new ByPosition[AxisLanes.Groups];

    public HeldRanges()
    {
        // Nothing is within a range without bounds.
        foreach (ByPosition[] bounds in new[] { from, below })
        {
            foreach (ref ByPosition group in bounds.AsSpan())
                ((Span<Vector512<double>>)group).Fill(Vector512.Create(double.NaN));
        }
    }

    /// <summary>Sets the ranges of a scheme.</summary>
    /// <param name="id">The scheme.</param>
    /// <param name="bounds">Its bounds per axis.</param>
    public void Set(SchemeId id, ReadOnlySpan<AxisBounds> bounds)
    {
        for (int axis = 0; axis < bounds.Length; axis++)
        {
            (int group, int lane) = Math.DivRem(SchemeIds.FirstAxis(id) + axis, Vector512<double>.Count);
            for (int position = 1; position <= bounds[axis].Positions; position++)
            {
                ref Vector512<double> lower = ref from[group][position - 1], upper = ref below[group][position - 1];
                lower = lower.WithElement(lane, bounds[axis].Fall(position));
                upper = upper.WithElement(lane, position == 1 ? double.PositiveInfinity : bounds[axis].Rise(position - 1));
            }
        }
    }

    /// <summary>The axes whose positions without grace stay as they are at some values, as bits. A position of 0, for none yet, never stays.</summary>
    public uint Kept(in AxisLanes lanes)
    {
        ulong kept = 0;
        for (int group = AxisLanes.Groups - 1; group >= 0; group--)
        {
            Vector512<ulong> held = lanes.Positions(group);
            Vector512<double> values = lanes.Values(group);
            Vector512<double> keeps = Vector512.GreaterThanOrEqual(values, Of(held, in from[group])) & Vector512.LessThan(values, Of(held, in below[group]));
            kept = kept << Vector512<double>.Count | keeps.ExtractMostSignificantBits();
        }
        return (uint)kept;
    }

    /// <summary>Whether a value is below a position's own bound: there its grace goes on, at the bound it is averted. Never so for the last position, which has none.</summary>
    /// <param name="axis">Index of the axis among all.</param>
    /// <param name="position">Position held.</param>
    /// <param name="value">The axis now, higher is better.</param>
    public bool IsBelowBound(int axis, byte position, double value)
    {
        (int group, int lane) = Math.DivRem(axis, Vector512<double>.Count);
        return position < AxisBounds.PositionsMax && value < below[group][position][lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Of(Vector512<ulong> held, in ByPosition bounds)
    {
        Vector512<double> chosen = Vector512.ConditionalSelect(Is(held, 1), bounds[0], Vector512.Create(double.NaN));
        chosen = Vector512.ConditionalSelect(Is(held, 2), bounds[1], chosen);
        chosen = Vector512.ConditionalSelect(Is(held, 3), bounds[2], chosen);
        chosen = Vector512.ConditionalSelect(Is(held, 4), bounds[3], chosen);
        return Vector512.ConditionalSelect(Is(held, 5), bounds[4], chosen);
    }

    private static Vector512<double> Is(Vector512<ulong> held, ulong position) => Vector512.Equals(held, Vector512.Create(position)).AsDouble();

    // Of eight axes, the bounds of each position from 1 on.
    [InlineArray(AxisBounds.PositionsMax)]
    private struct ByPosition
    {
        private Vector512<double> first;
    }
}
