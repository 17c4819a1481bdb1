using System.Numerics;
using System.Runtime.Intrinsics;

namespace StreamScorer.Scoring.Tiers;

/// <summary>
/// Bounds of one axis, higher is better: position i (1 = best) needs at least <c>Rise[i-1]</c>; a holder of position i leaves its band below <c>Fall[i-1]</c>.
/// The last position has no bound. Axes where lower is better are passed negated.
/// </summary>
public sealed class AxisBounds
{
    /// <summary>Positions that an axis may have.</summary>
    public const int PositionsMax = 5;

    private readonly double[] rise;
    private readonly double[] fall;
    private readonly Vector256<double> risen;

    /// <param name="rise">Falling bounds, one fewer than positions, four at most.</param>
    /// <param name="fall">Lower ends of the bands; each at most its bound.</param>
    public AxisBounds(double[] rise, double[] fall)
    {
        this.rise = rise;
        this.fall = fall;
        Span<double> padded = stackalloc double[Vector256<double>.Count];
        padded.Fill(double.NegativeInfinity);
        rise.CopyTo(padded);
        risen = Vector256.Create<double>(padded);
    }

    /// <summary>Bounds whose bands reach down by the greater of a share of the bound's magnitude and a minimum.</summary>
    public static AxisBounds WithBand(ReadOnlySpan<double> rise, double bandShare, double bandMinimum)
    {
        double[] fall = rise.ToArray();
        for (int i = 0; i < fall.Length; i++)
            fall[i] -= Math.Max(Math.Abs(fall[i]) * bandShare, bandMinimum);
        return new AxisBounds(rise.ToArray(), fall);
    }

    /// <summary>Number of positions.</summary>
    public int Positions => rise.Length + 1;

    /// <summary>The bound that a position needs; minus infinity for the last one, which needs nothing.</summary>
    public double Rise(int position) => position <= rise.Length ? rise[position - 1] : double.NegativeInfinity;

    /// <summary>Lower end of a position's band; minus infinity for the last one.</summary>
    public double Fall(int position) => position <= fall.Length ? fall[position - 1] : double.NegativeInfinity;

    /// <summary>Position by the bounds alone, without memory. A value that is not a number is in the last one.</summary>
    /// <remarks>All bounds at once, because no processor foresees at which one a loop over them would end.</remarks>
    public byte Raw(double value)
    {
        uint above = Vector256.LessThanOrEqual(risen, Vector256.Create(value)).ExtractMostSignificantBits();
        return (byte)(1 + Math.Min(Vector256<double>.Count - BitOperations.PopCount(above), rise.Length));
    }

    /// <summary>
    /// Moves a held position to <paramref name="atMs"/>: up at once at the bound; down only when outside of the band for the whole grace.
    /// Grace begins on leaving the band, goes on while inside it, and is averted at the bound itself.
    /// </summary>
    /// <param name="held">Position held; 0 for none yet.</param>
    /// <param name="graceStartS">Unix second at which grace began; 0 for none.</param>
    /// <param name="value">The axis now.</param>
    /// <param name="atMs">Now, unix milliseconds.</param>
    /// <param name="rule">Length of the grace, and how far a drop leads.</param>
    public void Step(ref byte held, ref uint graceStartS, double value, long atMs, GraceRule rule)
    {
        byte raw = Raw(value);
        while (held != 0 && raw > held)
        {
            if (graceStartS == 0)
            {
                if (value >= Fall(held))
                    return;
                graceStartS = (uint)Math.Clamp(atMs / 1000, 1, uint.MaxValue);
            }
            if (atMs < graceStartS * 1000L + rule.LengthMs)
                return;
            held = rule.OneTierAtATime ? (byte)(held + 1) : raw;
            graceStartS = 0;
        }
        held = raw;
        graceStartS = 0;
    }
}

/// <summary>How a drop waits.</summary>
/// <param name="LengthMs">Time outside of the band before a drop, milliseconds; 0 drops at once.</param>
/// <param name="OneTierAtATime">Whether a drop leads one position down at most; the next one has a grace of its own.</param>
public readonly record struct GraceRule(long LengthMs, bool OneTierAtATime = false)
{
    /// <summary>No grace: for the harmful and for relationships that have ended.</summary>
    public static readonly GraceRule AtOnce = new(0);
}
