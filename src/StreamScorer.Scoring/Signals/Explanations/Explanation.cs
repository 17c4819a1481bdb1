using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals.Explanations;

/// <summary>
/// Every signal of one customer with its inputs and the arithmetic, for people: an analyst can follow each figure down to the sums of the customer's record and the
/// constants of the policy. Far off the hot path.
/// </summary>
public static class Explanation
{
    /// <summary>Explains all signals, from value to behaviour.</summary>
    /// <param name="state">The customer's aggregates.</param>
    /// <param name="cold">The rare part of them.</param>
    /// <param name="rules">The policy's rules.</param>
    /// <param name="atMs">Instant, unix milliseconds; not before the newest event.</param>
    /// <param name="populationTotal">Historical plus residual value of all customers, currency units; 0 when unknown.</param>
    public static IReadOnlyList<SignalExplanation> Of(
        ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long atMs, double populationTotal)
    {
        var signals = new CustomerSignals(in state, in cold, rules, atMs);
        var builder = new ExplanationBuilder(rules.Policy.BaseCurrency);
        ValueExplanation.Add(builder, in signals, populationTotal);
        StayingExplanation.Add(builder, in signals);
        PurchaseExplanation.Add(builder, in signals);
        RelationshipExplanation.Add(builder, in signals);
        DegreeExplanation.Add(builder, in signals);
        return builder.Explanations;
    }
}
