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
    private readonly ScoringRules rules;
    private readonly int[] firstOf = new int[SchemeIds.Count];
    private readonly int[] counts;

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
            SchemeState held = SchemeState.Of(scheme.Id, in state, in cold);
            counts[firstOf[(int)scheme.Id] + scheme.TierOf(in held)] += step;
        }
    }
}
