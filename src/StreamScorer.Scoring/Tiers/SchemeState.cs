using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers;

/// <summary>
/// What a customer holds in one scheme: a position on each axis (0 = none yet, 1 = best) and, per axis, when its grace began.
/// A matrix keeps its axes apart so that a lateral move is defined; its tier follows from the positions.
/// </summary>
public struct SchemeState : IEquatable<SchemeState>
{
    /// <summary>Position on the first axis; the tier itself in schemes of one axis.</summary>
    public byte Axis0;

    /// <summary>Position on the second axis.</summary>
    public byte Axis1;

    /// <summary>Position on the third axis.</summary>
    public byte Axis2;

    /// <summary>Unix second at which grace began on each axis; 0 for none.</summary>
    public uint Grace0, Grace1, Grace2;

    /// <summary>True while a drop waits on any axis.</summary>
    public readonly bool InGrace => (Grace0 | Grace1 | Grace2) != 0;

    /// <summary>Position on an axis, 0 to 2.</summary>
    [UnscopedRef]
    public ref byte Position(int axis)
    {
        if (axis == 0)
            return ref Axis0;
        if (axis == 1)
            return ref Axis1;
        return ref Axis2;
    }

    /// <summary>Unix second at which grace began on an axis, 0 to 2; 0 for none.</summary>
    [UnscopedRef]
    public ref uint GraceStartS(int axis)
    {
        if (axis == 0)
            return ref Grace0;
        if (axis == 1)
            return ref Grace1;
        return ref Grace2;
    }

    /// <summary>Reads a scheme's part of a customer.</summary>
    /// <remarks>For loops over all schemes: it fills its place, where a returned value would be put together in one place and moved to another.</remarks>
    public SchemeState(SchemeId id, ref readonly CustomerState state, ref readonly ColdState cold)
    {
        byte packed = state.HeldTiers[(int)id];
        int axis = SchemeIds.FirstAxis(id), axes = SchemeIds.AxesOf(id);
        Grace0 = cold.GraceStartS[axis];
        Axis0 = PositionIn(packed, 0, axes);
        if (axes > 1)
            (Axis1, Grace1) = (PositionIn(packed, 1, axes), cold.GraceStartS[axis + 1]);
        if (axes > 2)
            (Axis2, Grace2) = (PositionIn(packed, 2, axes), cold.GraceStartS[axis + 2]);
    }

    /// <summary>One axis's position out of a scheme's stored byte: nibbles, or base six for three axes.</summary>
    /// <param name="packed">The byte.</param>
    /// <param name="axis">The axis, from 0.</param>
    /// <param name="axes">Number of the scheme's axes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static byte PositionIn(byte packed, int axis, int axes) => axes switch
    {
        1 => packed,
        2 => (byte)(axis == 0 ? packed & 15 : packed >> 4),
        _ => (byte)(axis == 0 ? packed % 6 : axis == 1 ? packed / 6 % 6 : packed / 36),
    };

    /// <summary>Reads a scheme's part of a customer.</summary>
    public static SchemeState Of(SchemeId id, ref readonly CustomerState state, ref readonly ColdState cold) => new(id, in state, in cold);

    /// <summary>Writes it back: one byte of positions, as <see cref="PositionIn"/> reads them, and the grace starts.</summary>
    public readonly void Store(SchemeId id, ref CustomerState state, ref ColdState cold)
    {
        int axis = SchemeIds.FirstAxis(id), axes = SchemeIds.AxesOf(id);
        state.HeldTiers[(int)id] = axes switch
        {
            1 => Axis0,
            2 => (byte)(Axis0 | Axis1 << 4),
            _ => (byte)(Axis0 + 6 * Axis1 + 36 * Axis2),
        };
        cold.GraceStartS[axis] = Grace0;
        if (axes > 1)
            cold.GraceStartS[axis + 1] = Grace1;
        if (axes > 2)
            cold.GraceStartS[axis + 2] = Grace2;
    }

    /// <inheritdoc/>
    public readonly bool Equals(SchemeState other) =>
        Axis0 == other.Axis0 && Axis1 == other.Axis1 && Axis2 == other.Axis2
        && Grace0 == other.Grace0 && Grace1 == other.Grace1 && Grace2 == other.Grace2;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is SchemeState other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Axis0, Axis1, Axis2, Grace0, Grace1, Grace2);
}
