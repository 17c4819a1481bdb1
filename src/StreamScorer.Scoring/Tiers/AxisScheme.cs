using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers;

/// <summary>
/// A scheme that measures one to three axes against bounds, each with hysteresis of its own, and reads the tier off the positions. What differs between the
/// schemes is what they measure, where the bounds come from, and the table of cells.
/// </summary>
public abstract class AxisScheme : TierScheme
{
    private readonly SchemesPolicy schemes;
    private readonly AxisBounds[]? fixedBounds;
    private readonly TierAxis[] axes;

    /// <param name="id">Stored number.</param>
    /// <param name="name">Name.</param>
    /// <param name="axes">The axes, one to three; those where lower is better are measured negated.</param>
    /// <param name="bounds">Bounds per axis; null when they come from the population.</param>
    /// <param name="policy">Grace.</param>
    /// <param name="schemes">What all schemes share.</param>
    /// <param name="tiers">Tier names, best first.</param>
    protected AxisScheme(
        SchemeId id, string name, TierAxis[] axes, AxisBounds[]? bounds, TierSchemePolicy policy, SchemesPolicy schemes, params string[] tiers)
        : base(id, name, tiers)
    {
        this.schemes = schemes;
        fixedBounds = bounds;
        this.axes = axes;
        Grace = new GraceRule((long)(policy.GraceDays * BusinessCalendar.DayMs), policy.OneTierAtATime);
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<TierAxis> Axes => axes;

    /// <inheritdoc/>
    public sealed override GraceRule Grace { get; }

    /// <inheritdoc/>
    public sealed override bool IsRelative => fixedBounds is null;

    /// <inheritdoc/>
    public sealed override AxisBounds[]? BoundsIn(Population population) => fixedBounds ?? population.BoundsOf(Id);

    /// <summary>Purchase days without which there is not enough to go by, and a customer is unranked.</summary>
    public virtual int MinPurchaseDays => 0;

    /// <inheritdoc/>
    public sealed override void Step(ref SchemeState held, in CustomerSignals signals, ref readonly CustomerState state, Population population)
    {
        // Before the first snapshot nothing is known, and what is held from before a restart must not be thrown away.
        if (!signals.HasPurchases || BoundsIn(population) is not { } bounds)
            return;
        if ((IsRelative && population.Count < schemes.MinPopulation) || state.PurchaseDays < MinPurchaseDays)
        {
            held = default;
            return;
        }
        for (int axis = 0; axis < bounds.Length; axis++)
        {
            ref byte position = ref held.Position(axis);
            ref uint graceStartS = ref held.GraceStartS(axis);
            double value = axes[axis].ValueOf(in signals, in state);
            byte raw = bounds[axis].Raw(value);
            // Only a drop asks for more than the bounds.
            if (raw <= position)
                (position, graceStartS) = (raw, 0);
            else
                bounds[axis].Step(ref position, ref graceStartS, value, signals.AtMs, GraceFor(in signals));
        }
    }

    /// <inheritdoc/>
    /// <remarks>Of the axis that is nearest to the lower end of its band; one in grace has left it, and one in its last position has none.</remarks>
    internal sealed override double Headroom(in SchemeState held, in CustomerSignals signals, ref readonly CustomerState state)
    {
        double least = double.PositiveInfinity;
        if (fixedBounds is null || held.Axis0 == 0)
            return least;
        SchemeState positions = held;
        for (int axis = 0; axis < fixedBounds.Length; axis++)
        {
            double fall = fixedBounds[axis].Fall(positions.Position(axis));
            if (positions.GraceStartS(axis) == 0 && fall > double.NegativeInfinity)
                least = Math.Min(least, axes[axis].ValueOf(in signals, in state) - fall);
        }
        return least;
    }

    private GraceRule GraceFor(in CustomerSignals signals) => Relationship.SkipsGrace(in signals, schemes.Lifecycle) ? GraceRule.AtOnce : Grace;

    /// <summary>Bounds of an axis that is parted once.</summary>
    protected static AxisBounds Halves(AxisPolicy axis) => AxisBounds.WithBand([axis.HighFrom], axis.BandShare, axis.BandMinimum);
}

/// <summary>
/// A scheme of two axes of two positions each. Its tiers are, in order: high on both, high on the first alone, high on the second alone, high on none. The two in
/// the middle have the same rank, so that a move between them is lateral.
/// </summary>
public abstract class FourCellScheme(
    SchemeId id, string name, TierAxis[] axes, AxisBounds[]? bounds, TierSchemePolicy policy, SchemesPolicy schemes, params string[] tiers)
    : AxisScheme(id, name, axes, bounds, policy, schemes, tiers)
{
    /// <inheritdoc/>
    public sealed override byte TierOf(in SchemeState held) => held.Axis0 == 0 ? (byte)0 : (byte)(2 * held.Axis0 + held.Axis1 - 2);

    /// <inheritdoc/>
    public sealed override int RankOf(byte tier) => tier == 4 ? 3 : Math.Min(tier, (byte)2);
}
