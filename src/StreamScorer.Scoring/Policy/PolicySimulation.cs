using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Scoring.Policy;

/// <summary>
/// What another policy would do to a customer base at one instant. Every customer is assessed under both policies as if for the first time, because hysteresis
/// and grace only delay where a policy leads. Constants that accumulate in the state (half-lives, the discount rate, currencies, the day boundary) act on what
/// comes after a change alone; of those the simulation shows nothing.
/// </summary>
/// <param name="before">The policy in force.</param>
/// <param name="after">The policy to try.</param>
/// <param name="atMs">The instant, unix milliseconds; a customer assessed later than that is taken at that later instant.</param>
public sealed class PolicySimulation(ScoringRules before, ScoringRules after, long atMs)
{
    private readonly Side old = new(before, atMs), tried = new(after, atMs);
    private readonly TransitionMatrix[] matrices = [.. TierSchemes.BuildAll(after.Policy.Schemes).Select(scheme => new TransitionMatrix(scheme))];

    /// <summary>One matrix per scheme, by rising <see cref="SchemeId"/>; a scheme that does not run has everybody unranked.</summary>
    public IReadOnlyList<TransitionMatrix> Matrices => matrices;

    /// <summary>First pass, once per customer: the populations that relative schemes need.</summary>
    public void Measure(ref readonly CustomerState state, ref readonly ColdState cold)
    {
        old.Measure(in state, in cold);
        tried.Measure(in state, in cold);
    }

    /// <summary>Second pass, once per customer: counts the customer in every matrix and tells where it would change.</summary>
    /// <param name="state">Aggregates.</param>
    /// <param name="cold">The rare part of them.</param>
    /// <param name="moves">Receives the customer's changes of tier.</param>
    public void Compare(ref readonly CustomerState state, ref readonly ColdState cold, List<SimulatedMove> moves)
    {
        Span<byte> from = stackalloc byte[SchemeIds.Count], to = stackalloc byte[SchemeIds.Count];
        old.Assess(in state, in cold, from);
        tried.Assess(in state, in cold, to);
        for (int i = 0; i < SchemeIds.Count; i++)
        {
            matrices[i].Count(from[i], to[i]);
            if (from[i] != to[i])
                moves.Add(new SimulatedMove(matrices[i].Scheme, from[i], to[i]));
        }
    }

    /// <summary>One policy with the population as it sees it.</summary>
    private sealed class Side(ScoringRules rules, long atMs)
    {
        private readonly PopulationSketch sketch = new();
        private Population? population;

        public void Measure(ref readonly CustomerState state, ref readonly ColdState cold)
        {
            var signals = new CustomerSignals(in state, in cold, rules, Math.Max(atMs, state.LastAssessedMs));
            PopulationBuckets nowhere = PopulationBuckets.None;
            sketch.Move(ref nowhere, PopulationBuckets.Of(in signals, in state));
        }

        public void Assess(ref readonly CustomerState state, ref readonly ColdState cold, Span<byte> tiers)
        {
            population ??= new Population(1, sketch, rules.Schemes);
            var signals = new CustomerSignals(in state, in cold, rules, Math.Max(atMs, state.LastAssessedMs));
            tiers.Clear();
            foreach (TierScheme scheme in rules.Schemes)
            {
                SchemeState held = default;
                scheme.Step(ref held, in signals, in state, population);
                tiers[(int)scheme.Id] = scheme.TierOf(in held);
            }
        }
    }
}

/// <summary>A change of tier that a policy would bring about.</summary>
/// <param name="Scheme">The scheme.</param>
/// <param name="From">Tier number under the policy in force; 0 = unranked.</param>
/// <param name="To">Tier number under the policy tried.</param>
public readonly record struct SimulatedMove(TierScheme Scheme, byte From, byte To);

/// <summary>How many customers of each tier would be in which one.</summary>
/// <param name="scheme">The scheme.</param>
public sealed class TransitionMatrix(TierScheme scheme)
{
    private readonly long[,] counts = new long[scheme.Tiers.Count + 1, scheme.Tiers.Count + 1];

    /// <summary>The scheme.</summary>
    public TierScheme Scheme { get; } = scheme;

    /// <summary>Customers by tier number under the policy in force (first) and the one tried; 0 = unranked.</summary>
    public long this[int from, int to] => counts[from, to];

    /// <summary>Customers whose tier would change.</summary>
    public long Moved { get; private set; }

    /// <summary>Customers compared.</summary>
    public long Total { get; private set; }

    internal void Count(byte from, byte to)
    {
        counts[from, to]++;
        Total++;
        Moved += from == to ? 0 : 1;
    }
}
