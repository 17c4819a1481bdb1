using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Tiers;

/// <summary>
/// What is true of a customer beside its tier at the moment of a transition: it narrows down the strategy and is published with the transition.
/// </summary>
[Flags]
public enum TransitionFlags : ushort
{
    /// <summary>Nothing of note.</summary>
    None = 0,

    /// <summary>Bad credit: a bill was not paid. Comes before any tier.</summary>
    Unwelcome = 1,

    /// <summary>Bought again after the exited stage.</summary>
    Reactivated = 2,

    /// <summary>Harmful: very dissatisfied, and spreads it.</summary>
    Problem = 4,

    /// <summary>Harmful: went to a competitor.</summary>
    Defector = 8,

    /// <summary>Harmful: does not pay.</summary>
    Deadbeat = 16,

    /// <summary>The relationship is young: a low value says little yet.</summary>
    NewCustomer = 32,

    /// <summary>In decline, or exited.</summary>
    Declining = 64,

    /// <summary>Buys at thin margins alone.</summary>
    PriceSensitive = 128,

    /// <summary>Declines because of us: dissatisfied.</summary>
    InternalCause = 256,

    /// <summary>Declines because of a competitor.</summary>
    CompetitorCause = 512,

    /// <summary>Declines because of the customer's own life: retires, moves, dies.</summary>
    CustomerCause = 1024,

    /// <summary>Declines because of the environment: the customer's business closes.</summary>
    EnvironmentCause = 2048,

    /// <summary>Loyal in attitude, not in behaviour.</summary>
    Unfulfilled = 4096,
}

/// <summary>Finds and names <see cref="TransitionFlags"/>.</summary>
public static class TransitionFlagsOf
{
    private static readonly TransitionFlags[] all = [.. Enum.GetValues<TransitionFlags>().Where(flag => flag != TransitionFlags.None)];

    /// <summary>Published names, such as <c>price-sensitive</c>, in the order of the bits.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. all.Select(flag => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(flag.ToString()))];

    /// <summary>The flag of a published name; null when there is none of that name.</summary>
    public static TransitionFlags? Parse(string name)
    {
        for (int i = 0; i < all.Length; i++)
        {
            if (Names[i] == name)
                return all[i];
        }
        return null;
    }

    /// <summary>Published names of a combination.</summary>
    public static IEnumerable<string> NamesOf(TransitionFlags flags) => all.Index().Where(each => flags.HasFlag(each.Item)).Select(each => Names[each.Index]);

    /// <summary>All flags of a customer at the instant of its signals.</summary>
    /// <param name="signals">Signals.</param>
    /// <param name="state">Aggregates.</param>
    /// <param name="cold">The rare part of them.</param>
    /// <param name="stage">Stage at that instant.</param>
    /// <param name="schemes">The policy.</param>
    public static TransitionFlags Find(
        scoped in CustomerSignals signals, ref readonly CustomerState state, ref readonly ColdState cold, LifecycleStage stage, SchemesPolicy schemes)
    {
        TransitionFlags flags = cold.Defaults.Count > 0 ? TransitionFlags.Unwelcome : TransitionFlags.None;
        bool isDissatisfied = DegreeSignals.SatisfactionDegreeOf(in signals) < schemes.Lifecycle.DissatisfiedBelow;
        bool hasDefected = cold.Defection.Facts != DefectionFacts.None;
        if ((state.Flags & CustomerFlags.Reactivated) != 0)
            flags |= TransitionFlags.Reactivated;
        if (signals.HasPurchases && DegreeSignals.LoyaltyConversionOf(in signals) < schemes.ValueLoyalty.UnfulfilledConversionBelow)
            flags |= TransitionFlags.Unfulfilled;
        if (stage == LifecycleStage.Harmful)
        {
            flags |= isDissatisfied ? TransitionFlags.Problem : 0;
            flags |= hasDefected ? TransitionFlags.Defector : 0;
            flags |= cold.Defaults.Count > 0 ? TransitionFlags.Deadbeat : 0;
        }
        if (stage is LifecycleStage.Decline or LifecycleStage.Exited)
        {
            flags |= TransitionFlags.Declining;
            flags |= isDissatisfied ? TransitionFlags.InternalCause : 0;
            flags |= hasDefected ? TransitionFlags.CompetitorCause : 0;
            if (signals.IsEnding)
                flags |= cold.Ending.Reason == EndingReason.Closure ? TransitionFlags.EnvironmentCause : TransitionFlags.CustomerCause;
        }
        if (stage is LifecycleStage.Prospect or LifecycleStage.Acquisition)
            flags |= TransitionFlags.NewCustomer;
        if (signals.HasPurchases && signals.MarginRate < schemes.ValueGrowth.PriceSensitiveMarginBelow)
            flags |= TransitionFlags.PriceSensitive;
        return flags;
    }
}
