using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// How many customers hold each tier of each scheme, kept up by every change of a tier, because counting all customers would cost a scan. Not safe for
/// concurrent use.
/// </summary>
public sealed class TierCensus
{
    private const int PositionBytes = byte.MaxValue + 1;
    private readonly ScoringRules rules;
    private readonly int[] firstOf = new int[SchemeIds.Count];
    private readonly int[] counts;

    // Of each scheme and each byte of positions: its place in the counts + 1, as far as the byte was seen. A tier follows from the positions alone, and a lookup is ten
    // times faster than asking the scheme: a million customers are counted when they are taken over.
    private readonly int[] places = new int[SchemeIds.Count * PositionBytes];

    /// <param name="rules">The policy's rules: their schemes are counted.</param>
    public TierCensus(ScoringRules rules)
    {
        this.rules = rules;
        int total = 0;
        foreach (TierScheme scheme in rules.Schemes)
        {
            firstOf[(int)scheme.Id] = total;
            total += scheme.Tiers.Count + 1;
        }
        counts = new int[total];
    }

    /// <summary>Counts by scheme in the policy's order, within a scheme by tier number from 0 (no tier).</summary>
    public ReadOnlySpan<int> Counts => counts;

    /// <summary>Counts a customer in.</summary>
    public void Enter(ref readonly CustomerState state, ref readonly ColdState cold) => Count(in state, in cold, 1);

    /// <summary>Counts a customer out.</summary>
    public void Leave(ref readonly CustomerState state, ref readonly ColdState cold) => Count(in state, in cold, -1);

    /// <summary>Moves a customer from one tier to another.</summary>
    public void Move(in TierChange change)
    {
        int first = firstOf[(int)change.Scheme];
        counts[first + change.From]--;
        counts[first + change.To]++;
    }

    private void Count(ref readonly CustomerState state, ref readonly ColdState cold, int step)
    {
        foreach (TierScheme scheme in rules.Schemes)
        {
            ref int place = ref places[(int)scheme.Id * PositionBytes + state.HeldTiers[(int)scheme.Id]];
            if (place == 0)
                place = firstOf[(int)scheme.Id] + scheme.TierOf(SchemeState.Of(scheme.Id, in state, in cold)) + 1;
            counts[place - 1] += step;
        }
    }
}
