using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers;

/// <summary>Where a customer is on all axes and what it holds on each, side by side in the order of the axes, for a look at eight of them at a time.</summary>
internal struct AxisLanes
{
    /// <summary>Vectors of eight that all axes take.</summary>
    public const int Groups = (SchemeIds.AxisCount + 7) / 8;

    private PositionGroups positions;
    private ValueLanes values;

    /// <summary>Value on an axis, higher is better; to be set for every axis that is looked at.</summary>
    /// <param name="axis">Index of the axis among all.</param>
    public double this[int axis]
    {
        readonly get => values[axis];
        set => values[axis] = value;
    }

    /// <summary>Takes what is held in all schemes apart, as <see cref="SchemeState.PositionIn"/> does with one.</summary>
    public void SetPositions(in SchemeBytes held)
    {
        byte rfm = held[(int)SchemeId.Rfm];
        positions[0] = held[0] | (ulong)held[1] << 8 | Nibbles(held[2], held[3], held[4]) << 16;
        positions[1] = Nibbles(held[5], held[6], held[7]) | (ulong)SchemeState.PositionIn(rfm, 0, 3) << 48 | (ulong)SchemeState.PositionIn(rfm, 1, 3) << 56;
        positions[2] = SchemeState.PositionIn(rfm, 2, 3) | (ulong)held[9] << 8 | (ulong)held[10] << 16 | (ulong)held[11] << 24;
    }

    /// <summary>Values of eight axes.</summary>
    public readonly Vector512<double> Values(int group) => Vector512.LoadUnsafe(in values[group * Vector512<double>.Count]);

    /// <summary>Sets the values of eight axes.</summary>
    public void SetValues(int group, Vector512<double> ofGroup) => ofGroup.StoreUnsafe(ref values[group * Vector512<double>.Count]);

    /// <summary>Positions held on eight axes.</summary>
    public readonly Vector512<ulong> Positions(int group)
    {
        Vector512<byte> bytes = Vector512.CreateScalarUnsafe(positions[group]).AsByte();
        return Vector512.WidenLower(Vector512.WidenLower(Vector512.WidenLower(bytes)));
    }

    private static ulong Nibbles(byte first, byte second, byte third)
    {
        ulong apart = first | (ulong)second << 16 | (ulong)third << 32;
        return (apart | apart << 4) & 0x0F0F_0F0F_0F0F;
    }

    [InlineArray(Groups)]
    private struct PositionGroups
    {
        private ulong first;
    }

    [InlineArray(Groups * 8)]
    private struct ValueLanes
    {
        private double first;
    }
}
