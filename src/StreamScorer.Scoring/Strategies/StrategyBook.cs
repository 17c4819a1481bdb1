using System.Collections.Immutable;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Strategies;

/// <summary>The strategies by the tier that they are for, most specific first. Immutable; choosing allocates nothing.</summary>
public sealed class StrategyBook
{
    private static readonly Lazy<StrategyBook> builtIn = new(ReadBuiltIn);
    private readonly Candidate[][][] byTier;

    internal StrategyBook(ImmutableSortedDictionary<string, string> sources, ImmutableArray<Strategy> strategies, IReadOnlyList<TierScheme> schemes)
    {
        Sources = sources;
        Strategies = strategies;
        // A stable sort: of equally specific ones the first in the file stays first.
        Candidate[] ordered = [.. strategies.OrderByDescending(strategy => strategy.Specificity).Select(strategy => new Candidate(strategy))];
        byTier = [.. schemes.Select(scheme => Enumerable.Range(0, scheme.Tiers.Count + 1).Select(tier =>
            ordered.Where(candidate => candidate.IsFor($"{scheme.Name}.{scheme.TierName(tier)}")).ToArray()).ToArray())];
    }

    /// <summary>The product's own <c>config/strategies.json</c>.</summary>
    public static StrategyBook BuiltIn => builtIn.Value;

    /// <summary>What the letters of <see cref="Advice.Source"/> stand for.</summary>
    public ImmutableSortedDictionary<string, string> Sources { get; }

    /// <summary>All strategies in the order of the file.</summary>
    public ImmutableArray<Strategy> Strategies { get; }

    /// <summary>The most specific strategy for a transition.</summary>
    /// <param name="scheme">Scheme.</param>
    /// <param name="tier">Tier number after the transition, of a notice the one held; 0 for unranked.</param>
    /// <param name="stage">Stage of the relationship.</param>
    /// <param name="direction">Where the transition leads.</param>
    /// <param name="flags">What else is true of the customer.</param>
    public Strategy Choose(SchemeId scheme, byte tier, LifecycleStage stage, TierDirection direction, TransitionFlags flags)
    {
        Candidate[] candidates = byTier[(int)scheme][tier];
        int i = 0;
        // The file has a strategy without conditions (checked when it is read), and it is the last of every list.
        while (!candidates[i].Fits(stage, direction, flags))
            i++;
        return candidates[i].Strategy;
    }

    /// <summary>The strategy of an id; null when there is none.</summary>
    public Strategy? Find(string id) => Strategies.FirstOrDefault(strategy => strategy.Id == id);

    private static StrategyBook ReadBuiltIn()
    {
        using Stream stream = typeof(StrategyBook).Assembly.GetManifestResourceStream("strategies.json")!;
        byte[] json = new byte[stream.Length];
        stream.ReadExactly(json);
        (StrategyBook? book, IReadOnlyList<string> errors) = StrategyFile.Parse(json);
        return book ?? throw new InvalidOperationException(string.Join("; ", errors));
    }

    /// <summary>A strategy with its conditions as bits: looking a value up in a list would allocate on its first use.</summary>
    private sealed class Candidate(Strategy strategy)
    {
        private readonly uint stages = strategy.Stages.Aggregate(0u, (bits, stage) => bits | 1u << (int)stage);
        private readonly uint directions = strategy.Directions.Aggregate(0u, (bits, direction) => bits | 1u << (int)direction);
        private readonly TransitionFlags needed = strategy.Flags.Aggregate(TransitionFlags.None, (bits, flag) => bits | flag);

        public Strategy Strategy { get; } = strategy;

        public bool IsFor(string tier) => Strategy.Tiers.IsEmpty || Strategy.Tiers.Contains(tier);

        public bool Fits(LifecycleStage stage, TierDirection direction, TransitionFlags flags) =>
            (flags & needed) == needed && (stages == 0 || (stages >> (int)stage & 1) != 0) && (directions == 0 || (directions >> (int)direction & 1) != 0);
    }
}
