using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers;

/// <summary>Gives each customer one tier of an ordered list. Immutable; one instance per policy.</summary>
public abstract class TierScheme(SchemeId id, string name, params string[] tiers)
{
    /// <summary>Name of the state of having no tier.</summary>
    public const string NoTier = "unranked";

    /// <summary>Stored number of the scheme.</summary>
    public SchemeId Id { get; } = id;

    /// <summary>Name in ids, topics and files, such as <c>pyramid</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Tier names, best first. Tier numbers count from 1; 0 is <see cref="NoTier"/>.</summary>
    public IReadOnlyList<string> Tiers { get; } = tiers;

    /// <summary>True when bounds come from the population, so that a customer may move without any event or deadline of its own.</summary>
    public virtual bool IsRelative => false;

    /// <summary>How a drop waits.</summary>
    public virtual GraceRule Grace => GraceRule.AtOnce;

    /// <summary>The axes that the scheme measures, at most three; none when its rule is not one of bounds.</summary>
    public virtual IReadOnlyList<TierAxis> Axes => [];

    /// <summary>The bounds that a population gives a relative scheme, one entry per axis.</summary>
    public virtual AxisBounds[] Calibrate(Population population) => [];

    /// <summary>The bounds in force; null when the scheme has none, or none yet.</summary>
    public virtual AxisBounds[]? BoundsIn(Population population) => null;

    /// <summary>Of what is held in grace: the earliest instant of a drop, unix milliseconds, unless it is averted.</summary>
    public long DropMs(in SchemeState held)
    {
        uint earliest = uint.MaxValue;
        foreach (uint startS in (ReadOnlySpan<uint>)[held.Grace0, held.Grace1, held.Grace2])
            earliest = startS == 0 ? earliest : Math.Min(earliest, startS);
        return earliest * 1000L + Grace.LengthMs;
    }

    /// <summary>Name of a tier number; <c>unranked</c> for 0.</summary>
    public string TierName(int tier) => tier == 0 ? NoTier : Tiers[tier - 1];

    /// <summary>The tier that held positions amount to; 0 for none.</summary>
    public virtual byte TierOf(in SchemeState held) => held.Axis0;

    /// <summary>
    /// Moves what a customer holds to an instant. Pure: the same inputs give the same result, and a second call at the same instant changes nothing.
    /// </summary>
    public abstract void Step(ref SchemeState held, in CustomerSignals signals, ref readonly CustomerState state, Population population);

    /// <summary>
    /// How far the signals are above where a silence that goes on makes a step change what is held: it falls in silence, and the first change is where it becomes negative.
    /// Only steers the search for that instant, which the steps decide. Positive infinity where no signal leads to a change, or this cannot tell.
    /// </summary>
    internal virtual double Headroom(in SchemeState held, in CustomerSignals signals, ref readonly CustomerState state) => double.PositiveInfinity;

    /// <summary>Place of a tier in the order, 1 = best. Tiers of the same rank are beside each other: a move between them is lateral.</summary>
    public virtual int RankOf(byte tier) => tier;

    /// <summary>Name of the group of tiers that a tier belongs to, such as <c>priority</c>; null for none.</summary>
    public virtual string? GroupOf(byte tier) => null;

    /// <summary>Direction of a change between two different tier numbers.</summary>
    public TierDirection DirectionOf(byte from, byte to)
    {
        if (from == 0)
            return TierDirection.Enter;
        if (to == 0)
            return TierDirection.Leave;
        int steps = RankOf(to) - RankOf(from);
        return steps < 0 ? TierDirection.Up : steps > 0 ? TierDirection.Down : TierDirection.Lateral;
    }
}

/// <summary>Where a transition leads.</summary>
public enum TierDirection : byte
{
    /// <summary>To a better tier.</summary>
    Up,

    /// <summary>To a worse tier.</summary>
    Down,

    /// <summary>From no tier to the first one.</summary>
    Enter,

    /// <summary>To a tier that is neither better nor worse.</summary>
    Lateral,

    /// <summary>To no tier.</summary>
    Leave,

    /// <summary>Notice: the value left its band; the drop follows when grace ends.</summary>
    DropPending,

    /// <summary>Notice: the value came back to the bound before grace ended.</summary>
    DropAverted,
}
