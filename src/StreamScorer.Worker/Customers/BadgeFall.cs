using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Worker.Customers;

/// <summary>
/// When silence costs a customer the tier on the badge, where that tier's bounds come from the population: as if the bounds stayed as they are. What is stored
/// knows no such date, because the others decide it too; people ask for it nevertheless.
/// </summary>
internal sealed class BadgeFall(ScoringRules rules)
{
    private const long HorizonMs = 5 * 366 * BusinessCalendar.DayMs;

    // The bounds move more in an hour than this leaves open.
    private const long ToleranceMs = 3_600_000;

    private readonly TierScheme badge = rules.Schemes.First(scheme => scheme.Id == rules.BadgeScheme);

    /// <summary>The fall; null when the scheme has bounds of its own, when there is no lower tier, or when silence leads to none within five years.</summary>
    public ProfileFall? Find(ref readonly CustomerState state, ref readonly ColdState cold, long nowUnixMs, Population population)
    {
        SchemeState held = SchemeState.Of(badge.Id, in state, in cold);
        byte tier = badge.TierOf(in held);
        if (!badge.IsRelative || tier == 0 || tier == badge.Tiers.Count)
            return null;
        long leavesMs = nowUnixMs;
        if (!held.InGrace)
        {
            if (!Leaves(in held, in state, in cold, nowUnixMs + HorizonMs, population))
                return null;
            leavesMs = FirstLeaving(in held, in state, in cold, nowUnixMs, population);
            Step(ref held, in state, in cold, leavesMs, population);
        }
        long fallsMs = held.InGrace ? Math.Max(badge.DropMs(in held), nowUnixMs) : leavesMs;
        SchemeState after = held;
        Step(ref after, in state, in cold, fallsMs, population);
        byte to = badge.TierOf(in after);
        return badge.DirectionOf(tier, to) == TierDirection.Down
            ? new ProfileFall(badge.Name, badge.TierName(tier), badge.TierName(to), DateTimeOffset.FromUnixTimeMilliseconds(fallsMs).UtcDateTime)
            : null;
    }

    // In silence value falls, at the latest from the day on which the next purchase is due: once below the band it stays there.
    private long FirstLeaving(in SchemeState held, ref readonly CustomerState state, ref readonly ColdState cold, long nowUnixMs, Population population)
    {
        long lowMs = nowUnixMs, highMs = nowUnixMs + HorizonMs;
        while (highMs - lowMs > ToleranceMs)
        {
            long middleMs = lowMs + (highMs - lowMs) / 2;
            if (Leaves(in held, in state, in cold, middleMs, population))
                highMs = middleMs;
            else
                lowMs = middleMs;
        }
        return highMs;
    }

    private bool Leaves(in SchemeState held, ref readonly CustomerState state, ref readonly ColdState cold, long atMs, Population population)
    {
        SchemeState then = held;
        Step(ref then, in state, in cold, atMs, population);
        return then.InGrace || badge.DirectionOf(badge.TierOf(in held), badge.TierOf(in then)) == TierDirection.Down;
    }

    private void Step(ref SchemeState held, ref readonly CustomerState state, ref readonly ColdState cold, long atMs, Population population)
    {
        var signals = new CustomerSignals(in state, in cold, rules, atMs);
        badge.Step(ref held, in signals, in state, population);
    }
}
