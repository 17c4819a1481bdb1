using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Worker.Customers;

/// <summary>How many customers hold each tier of each scheme.</summary>
public sealed class TierCounts(ScoringRules rules)
{
    private readonly Dictionary<string, long>[] counts =
        [.. rules.Schemes.Select(scheme => scheme.Tiers.ToDictionary(tier => tier, _ => 0L))];

    /// <summary>Customers counted.</summary>
    public long Customers { get; private set; }

    /// <summary>Counts by tier, best first, by scheme; <c>unranked</c> is there only when somebody is.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Schemes =>
        rules.Schemes.Select((scheme, i) => (scheme.Name, Counts: counts[i])).ToDictionary(pair => pair.Name, IReadOnlyDictionary<string, long> (pair) => pair.Counts);

    /// <summary>Counts one customer.</summary>
    public void Add(ref readonly CustomerState state, ref readonly ColdState cold)
    {
        Customers++;
        for (int i = 0; i < rules.Schemes.Count; i++)
        {
            TierScheme scheme = rules.Schemes[i];
            SchemeState held = SchemeState.Of(scheme.Id, in state, in cold);
            string tier = scheme.TierName(scheme.TierOf(in held));
            counts[i][tier] = counts[i].GetValueOrDefault(tier) + 1;
        }
    }

    /// <summary>Adds what another has counted, of other customers.</summary>
    public void Add(TierCounts other)
    {
        Customers += other.Customers;
        for (int i = 0; i < counts.Length; i++)
        {
            foreach ((string tier, long count) in other.counts[i])
                counts[i][tier] = counts[i].GetValueOrDefault(tier) + count;
        }
    }
}
