using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Populations;

/// <summary>How much customer value the holders of each tier of each scheme have together.</summary>
internal sealed class TierValues(ScoringRules rules)
{
    private readonly double[][] totals = [.. rules.Schemes.Select(scheme => new double[scheme.Tiers.Count + 1])];
    private readonly double[][] positive = [.. rules.Schemes.Select(scheme => new double[scheme.Tiers.Count + 1])];
    private double positiveTotal;

    /// <summary>Adds a customer.</summary>
    public void Add(ref readonly CustomerState state, ref readonly ColdState cold, double value)
    {
        positiveTotal += Math.Max(0, value);
        for (int i = 0; i < rules.Schemes.Count; i++)
        {
            SchemeState held = SchemeState.Of(rules.Schemes[i].Id, in state, in cold);
            int tier = rules.Schemes[i].TierOf(in held);
            totals[i][tier] += value;
            positive[i][tier] += Math.Max(0, value);
        }
    }

    /// <summary>Every tier's part, best first, unranked last when somebody is.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TierShare>> Shares(TierCounts counts) => rules.Schemes.Index().ToDictionary(
        entry => entry.Item.Name,
        IReadOnlyList<TierShare> (entry) => [.. Shares(entry.Index, entry.Item, counts.Schemes[entry.Item.Name], counts.Customers)]);

    private IEnumerable<TierShare> Shares(int index, TierScheme scheme, IReadOnlyDictionary<string, long> counted, long customers)
    {
        foreach (int tier in Enumerable.Range(1, scheme.Tiers.Count).Append(0))
        {
            long count = counted.GetValueOrDefault(scheme.TierName(tier));
            if (tier == 0 && count == 0)
                continue;
            yield return new TierShare(
                scheme.TierName(tier),
                count,
                customers == 0 ? 0 : (double)count / customers,
                Math.Round(totals[index][tier], 2),
                positiveTotal == 0 ? 0 : positive[index][tier] / positiveTotal);
        }
    }
}
