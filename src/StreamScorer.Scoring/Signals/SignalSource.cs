using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals;

/// <summary>What <see cref="CustomerSignals"/> are computed from.</summary>
/// <remarks>
/// Passed by value: the compiler constructs a struct where it is kept only when no parameter is a reference, because a constructor might see through one what it has
/// written so far. Signals are large, and what is copied right after it was written waits until the processor has put it into its cache.
/// </remarks>
internal readonly ref struct SignalSource
{
    /// <summary>The customer's aggregates.</summary>
    public readonly ref readonly CustomerState State;

    /// <summary>The rare part of them.</summary>
    public readonly ref readonly ColdState Cold;

    /// <summary>What silence does not change, when it was measured before; else a null reference.</summary>
    public readonly ref readonly SteadySignals Steady;

    /// <summary>The policy's rules.</summary>
    public readonly ScoringRules Rules;

    /// <summary>A customer of whom nothing was measured yet.</summary>
    public SignalSource(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules)
        : this(in state, in cold, rules, in Unsafe.NullRef<SteadySignals>())
    {
    }

    /// <summary>A customer in a state that was measured before.</summary>
    public SignalSource(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, ref readonly SteadySignals steady)
    {
        State = ref state;
        Cold = ref cold;
        Steady = ref steady;
        Rules = rules;
    }
}
