namespace StreamScorer.Scoring.Tiers;

/// <summary>
/// Bounds of one axis, higher is better: position i (1 = best) needs at least <c>Rise[i-1]</c>; a holder of position i leaves its band below <c>Fall[i-1]</c>.
/// The last position has no bound. Axes where lower is better are passed negated.
/// </summary>
public sealed class AxisBounds
{
    private readonly double[] rise;
    private readonly double[] fall;

    /// <param name="rise">Falling bounds, one fewer than positions.</param>
    /// <param name="fall">Lower ends of the bands; each at most its bound.</param>
    /// <param name="graceMs">Time outside of the band before a drop, milliseconds.</param>
    public AxisBounds(double[] rise, double[] fall, long graceMs)
    {
        this.rise = rise;
        this.fall = fall;
        GraceMs = graceMs;
    }

    /// <summary>Time outside of the band before a drop, milliseconds.</summary>
    public long GraceMs { get; }

    /// <summary>Bounds whose bands reach down by the greater of a share of the bound's magnitude and a minimum.</summary>
    public static AxisBounds WithBand(ReadOnlySpan<double> rise, double bandShare, double bandMinimum, long graceMs)
    {
        double[] fall = rise.ToArray();
        for (int i = 0; i < fall.Length; i++)
            fall[i] -= Math.Max(Math.Abs(fall[i]) * bandShare, bandMinimum);
        return new AxisBounds(rise.ToArray(), fall, graceMs);
    }

    /// <summary>Position by the bounds alone, without memory.</summary>
    public byte Raw(double value)
    {
        int position = 0;
        while (position < rise.Length && !(value >= rise[position]))
            position++;
        return (byte)(position + 1);
    }

    /// <summary>
    /// Moves a held position to <paramref name="atMs"/>: up at once at the bound; down only when outside of the band for the whole grace.
    /// Grace begins on leaving the band, goes on while inside it, and is averted at the bound itself.
    /// </summary>
    public void Step(ref byte held, ref uint graceStartS, double value, long atMs)
    {
        byte raw = Raw(value);
        if (held == 0 || raw <= held)
        {
            held = raw;
            graceStartS = 0;
            return;
        }
        if (graceStartS == 0)
        {
            if (value >= fall[held - 1])
                return;
            graceStartS = (uint)Math.Clamp(atMs / 1000, 1, uint.MaxValue);
        }
        if (atMs < graceStartS * 1000L + GraceMs)
            return;
        held = raw;
        graceStartS = 0;
    }
}
