namespace StreamScorer.Scoring.Signals;

/// <summary>
/// What a customer is good for, directly and indirectly (the function matrix). Our reading of the functions [own]. A view like its source.
/// </summary>
public readonly ref struct FunctionSignals
{
    private readonly CustomerSignals signals;

    internal FunctionSignals(scoped in CustomerSignals signals) => this.signals = signals;

    /// <summary>Direct function: decayed profit, currency units. Falls in silence when positive.</summary>
    public double Direct => signals.DecayedProfit;

    /// <summary>Indirect function: value of referrals and of information, currency units.</summary>
    public double Indirect => IndirectOf(in signals);

    /// <summary>Social function, beside the matrix, in [-1, 1]: how the customer speaks of us. Referrals speak for us, complaints against.</summary>
    public double Social => signals.Degrees.ReferralDegree - Math.Min(1, signals.Degrees.ComplaintPenalty);

    /// <inheritdoc cref="Indirect"/>
    internal static double IndirectOf(in CustomerSignals signals) =>
        ValueSignals.ReferralValueOf(in signals) + RelationshipSignals.InformationValueOf(in signals);
}
