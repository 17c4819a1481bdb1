using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>
/// The customer pyramid (Zeithaml, Rust and Lemon 2002): the top 1 % by value are platinum, the next 4 % gold, the next 15 % iron, the others lead.
/// </summary>
public sealed class PyramidScheme(SchemesPolicy policy) : TierScheme(SchemeId.Pyramid, SchemeName, "platinum", "gold", "iron", "lead")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "pyramid";

    /// <inheritdoc/>
    public override bool IsRelative => true;

    /// <summary>The value bounds that a population gives the shares.</summary>
    public static AxisBounds BoundsOf(PyramidPolicy policy, PopulationSketch values)
    {
        double[] rise = [.. policy.TopShares.Select(share => values.ValueAtTopShare(share))];
        double[] fall = [.. policy.TopShares.Select(share => values.ValueAtTopShare(Math.Min(1, share * policy.RankBand)))];
        return new AxisBounds(rise, fall, (long)(policy.GraceDays * BusinessCalendar.DayMs));
    }

    /// <inheritdoc/>
    public override long GraceMs => (long)(policy.Pyramid.GraceDays * BusinessCalendar.DayMs);

    /// <inheritdoc/>
    public override void Step(ref SchemeState held, in CustomerSignals signals, ref readonly CustomerState state, Population population)
    {
        // Before the first snapshot nothing is known, and what is held from before a restart must not be thrown away.
        if (!signals.HasPurchases || population.Version == 0)
            return;
        if (population.Count < policy.MinPopulation)
            (held.Axis0, held.Grace0) = (0, 0);
        else
            population.Pyramid.Step(ref held.Axis0, ref held.Grace0, signals.CustomerValue, signals.AtMs);
    }
}
