using System.Numerics;
using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals;

/// <summary>
/// Degrees of satisfaction, loyalty, retention and response (design: scoring, section 5), in [0, 1]. Attitude is what customers say, behaviour what they do: the
/// two are never mixed. A view like its source.
/// </summary>
public readonly ref struct DegreeSignals
{
    private readonly CustomerSignals signals;

    internal DegreeSignals(scoped in CustomerSignals signals) => this.signals = signals;

    private ref readonly CustomerState State => ref signals.State;

    private ref readonly ColdState Cold => ref signals.Cold;

    /// <summary>
    /// Ratings shrunk to the prior, less complaints: (sum w (rating-1)/4 + w0 r0) / (sum w + w0) - penalty x complaints. Drifts to the prior in silence.
    /// </summary>
    public double SatisfactionDegree => SatisfactionDegreeOf(in signals);

    /// <summary>What complaints take from the satisfaction degree: resolved ones the policy's share only. Falls in silence.</summary>
    public double ComplaintPenalty => ComplaintPenaltyOf(in signals);

    /// <summary>Ratings of one phase of the sale, shrunk to the prior; without complaints.</summary>
    public double SatisfactionIn(SalePhase phase) =>
        Shrunk(in signals, Cold.Satisfaction.Phases[(int)phase - 1].WeightedRating, Cold.Satisfaction.Phases[(int)phase - 1].Weight);

    /// <summary>Ratings of one factor, shrunk to the prior; without complaints.</summary>
    /// <param name="factor">Place among the policy's factors, from 0.</param>
    public double SatisfactionWith(int factor) =>
        Shrunk(in signals, Cold.Satisfaction.Factors[factor].WeightedRating, Cold.Satisfaction.Factors[factor].Weight);

    /// <summary>Value as the customer sees it, gain less cost (F - C), currency units: never mixed with our value of the customer.</summary>
    public double PerceivedValue => Money.ToDouble(Money.Add(Cold.Satisfaction.PerceivedGain, -Cold.Satisfaction.PerceivedCost));

    /// <summary>Gain over cost as the customer sees it (F / C); null when no cost was stated.</summary>
    public double? PerceivedValueRatio =>
        Cold.Satisfaction.PerceivedCost > 0 ? (double)Cold.Satisfaction.PerceivedGain / Cold.Satisfaction.PerceivedCost : null;

    /// <summary>Responses per contact, shrunk to the prior: (R + w p) / (C + w). Drifts to the prior in silence.</summary>
    public double ResponseDegree => ResponseDegreeOf(in signals);

    /// <summary>Referrals as a share: D / (D + 1), half at one undecayed referral. Falls in silence.</summary>
    public double ReferralDegree => ReferralDegreeOf(in signals);

    /// <summary>Loyalty in attitude: the weighted mean of satisfaction, referrals and responses.</summary>
    public double LoyaltyAttitude => LoyaltyAttitudeOf(in signals);

    /// <summary>Share of purchase days that are repeats: (days - 1) / days.</summary>
    public double RepeatShare => signals.Steady.RepeatShare;

    /// <summary>Share of the categories on offer that the customer has bought.</summary>
    public double Breadth => signals.Steady.Breadth;

    /// <summary>How far the customer keeps its rhythm: cycle over effective cycle. 1 until a purchase is overdue, then falling in silence.</summary>
    public double Regularity => RegularityOf(in signals);

    /// <summary>
    /// Loyalty in behaviour: the weighted mean of repeat share, breadth and regularity; breadth is left out where categories are not sent. Falls in silence.
    /// </summary>
    public double LoyaltyBehaviour => LoyaltyBehaviourOf(in signals);

    /// <summary>How far intention has turned into behaviour: <see cref="LoyaltyBehaviour"/> - <see cref="LoyaltyAttitude"/>, in [-1, 1].</summary>
    public double LoyaltyConversion => LoyaltyConversionOf(in signals);

    /// <summary>
    /// Share of the periods after the first one in which the customer bought, over the last 16 up to its last purchase and all since; the current period counts
    /// once it has a purchase. Null before there is any. Falls in silence.
    /// </summary>
    public double? RetentionObserved => ObservedPeriods is { Periods: > 0 } observed ? observed.Bought / (double)observed.Periods : null;

    /// <summary>Expected retention: 1 - churn risk. Falls in silence for k = 1.</summary>
    public double RetentionExpected => signals.HasPurchases ? 1 - signals.ChurnRisk : 0;

    /// <summary>Contribution now: historical value over the population's; null when that is not positive.</summary>
    /// <param name="populationHistorical">Historical value of all customers, currency units.</param>
    public double? ContributionDegree(double populationHistorical) =>
        populationHistorical > 0 ? signals.Values.HistoricalValue / populationHistorical : null;

    /// <summary>Contribution with potential: broad life-cycle profit over the population's; null when that is not positive.</summary>
    /// <param name="populationClp">Broad life-cycle profit of all customers, currency units.</param>
    public double? ContributionWithPotential(double populationClp) => populationClp > 0 ? signals.Values.ClpBroad / populationClp : null;

    /// <summary>Periods after the first one, and those of them with a purchase.</summary>
    internal (int Bought, int Periods) ObservedPeriods
    {
        get
        {
            if (!signals.HasPurchases)
                return default;
            ScoringRules rules = signals.Rules;
            int first = rules.RetentionPeriodOf(rules.Calendar.DayOf(State.FirstPurchaseMs));
            int last = rules.RetentionPeriodOf(rules.Calendar.DayOf(State.LastPurchaseMs));
            int current = rules.RetentionPeriodOf(rules.Calendar.DayOf(signals.AtMs));
            int from = Math.Max(first + 1, last - Aggregation.RecentPeriods + 1);
            int kept = Math.Max(0, last - from + 1);
            int bought = BitOperations.PopCount(State.RecentPurchasePeriods & ((1u << kept) - 1));
            return (bought, Math.Max(0, (last == current ? current : current - 1) - from + 1));
        }
    }

    /// <inheritdoc cref="SatisfactionDegree"/>
    internal static double SatisfactionDegreeOf(in CustomerSignals signals)
    {
        ref readonly SatisfactionHistory ratings = ref signals.Cold.Satisfaction;
        return Math.Clamp(Shrunk(in signals, ratings.WeightedRating, ratings.Weight) - ComplaintPenaltyOf(in signals), 0, 1);
    }

    /// <inheritdoc cref="LoyaltyConversion"/>
    internal static double LoyaltyConversionOf(in CustomerSignals signals) => LoyaltyBehaviourOf(in signals) - LoyaltyAttitudeOf(in signals);

    /// <inheritdoc cref="ResponseDegree"/>
    internal static double ResponseDegreeOf(in CustomerSignals signals)
    {
        ref readonly ResponseHistory responses = ref signals.Cold.Responses;
        DegreesPolicy policy = signals.Rules.Policy.Degrees;
        double since = responses.IsEmpty ? 0 : SinceOf(in signals, signals.Rules.ContactDecay), weight = policy.PriorResponseWeight;
        double rate = (responses.DecayedResponses * since + weight * policy.PriorResponseRate) / (responses.DecayedContacts * since + weight);
        return Math.Clamp(rate, 0, 1);
    }

    /// <inheritdoc cref="LoyaltyBehaviour"/>
    internal static double LoyaltyBehaviourOf(in CustomerSignals signals)
    {
        ReadOnlySpan<double> w = signals.Rules.Policy.Degrees.BehaviourWeights.AsSpan();
        double breadthWeight = signals.State.Categories == 0 ? 0 : w[1];
        double sum = w[0] * signals.Steady.RepeatShare + breadthWeight * signals.Steady.Breadth + w[2] * RegularityOf(in signals);
        return sum / (w[0] + breadthWeight + w[2]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double RegularityOf(in CustomerSignals signals) =>
        signals.HasPurchases ? signals.Steady.CycleYears / PurchaseSignals.EffectiveCycleYearsOf(in signals) : 0;

    private static double SinceOf(in CustomerSignals signals, Decay decay) => decay.OverMs(Math.Max(0, signals.AtMs - signals.Cold.AsOfMs));

    private static double ComplaintPenaltyOf(in CustomerSignals signals)
    {
        ref readonly ComplaintHistory complaints = ref signals.Cold.Complaints;
        DegreesPolicy policy = signals.Rules.Policy.Degrees;
        double severity = complaints.DecayedUnresolved + policy.ResolvedComplaintShare * complaints.DecayedResolved;
        return severity == 0 ? 0 : policy.ComplaintPenalty * severity * SinceOf(in signals, signals.Rules.ComplaintDecay);
    }

    private static double ReferralDegreeOf(in CustomerSignals signals)
    {
        double decayed = signals.Cold.Referrals.Decayed;
        double referrals = decayed == 0 ? 0 : decayed * SinceOf(in signals, signals.Rules.ReferralDecay);
        return referrals / (referrals + 1);
    }

    private static double LoyaltyAttitudeOf(in CustomerSignals signals)
    {
        ReadOnlySpan<double> w = signals.Rules.Policy.Degrees.AttitudeWeights.AsSpan();
        double sum = w[0] * SatisfactionDegreeOf(in signals) + w[1] * ReferralDegreeOf(in signals) + w[2] * ResponseDegreeOf(in signals);
        return sum / (w[0] + w[1] + w[2]);
    }

    private static double Shrunk(in CustomerSignals signals, double weightedRating, double weight)
    {
        DegreesPolicy policy = signals.Rules.Policy.Degrees;
        double since = weight == 0 ? 0 : SinceOf(in signals, signals.Rules.RatingDecay), prior = policy.PriorSatisfactionWeight;
        return (weightedRating * since + prior * policy.PriorSatisfaction) / (weight * since + prior);
    }
}
