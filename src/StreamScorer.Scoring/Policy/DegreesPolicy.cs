using System.Collections.Immutable;

namespace StreamScorer.Scoring.Policy;

/// <summary>Constants of the degrees of satisfaction, loyalty, retention and response (design: scoring, section 5). All defaults are [own].</summary>
public sealed record DegreesPolicy
{
    /// <summary>Half-life of contacts and responses, days: half a year, over which campaigns repeat.</summary>
    [PolicyRange(1, 36_500)]
    public double ContactHalfLifeDays { get; init; } = 180;

    /// <summary>Half-life of ratings, days.</summary>
    [PolicyRange(1, 36_500)]
    public double RatingHalfLifeDays { get; init; } = 180;

    /// <summary>Half-life of complaints, days: shorter than of ratings, because a grievance fades sooner than an opinion.</summary>
    [PolicyRange(1, 36_500)]
    public double ComplaintHalfLifeDays { get; init; } = 90;

    /// <summary>Half-life of referrals, days: rare, so a year of them is looked at.</summary>
    [PolicyRange(1, 36_500)]
    public double ReferralHalfLifeDays { get; init; } = 365;

    /// <summary>Factors that customers rate, 1 to 6, in the order in which they are kept: add new ones at the end.</summary>
    public ImmutableArray<string> SatisfactionFactors { get; init; } = ["product", "service", "price", "delivery"];

    /// <summary>Satisfaction r0 assumed before any rating, 0 to 1: neither pleased nor displeased.</summary>
    [PolicyRange(0, 1)]
    public double PriorSatisfaction { get; init; } = 0.5;

    /// <summary>Weight w0 of that prior, ratings.</summary>
    [PolicyRange(0.01, 1000)]
    public double PriorSatisfactionWeight { get; init; } = 1;

    /// <summary>What a complaint takes from the satisfaction degree for each point of severity, 0 to 1.</summary>
    [PolicyRange(0, 1)]
    public double ComplaintPenalty { get; init; } = 0.15;

    /// <summary>Share of that penalty that remains when a complaint is resolved, 0 to 1.</summary>
    [PolicyRange(0, 1)]
    public double ResolvedComplaintShare { get; init; } = 0.3;

    /// <summary>Responses per contact assumed before any contact, 0 to 1.</summary>
    [PolicyRange(0, 1)]
    public double PriorResponseRate { get; init; } = 0.2;

    /// <summary>Weight of that prior, contacts.</summary>
    [PolicyRange(0.01, 1000)]
    public double PriorResponseWeight { get; init; } = 2;

    /// <summary>Weights of satisfaction, referrals and responses in the attitude; their sum is positive.</summary>
    [PolicyList(3)]
    [PolicyRange(0, 1000)]
    public ImmutableArray<double> AttitudeWeights { get; init; } = [0.5, 0.25, 0.25];

    /// <summary>Weights of repeat share, breadth and regularity in the behaviour; the first and the last are positive together.</summary>
    [PolicyList(3)]
    [PolicyRange(0, 1000)]
    public ImmutableArray<double> BehaviourWeights { get; init; } = [0.4, 0.2, 0.4];

    /// <summary>Length of the periods of the observed retention degree, days, 7 to 366. About a quarter; 16 of them are kept.</summary>
    [PolicyRange(7, 366)]
    public int RetentionPeriodDays { get; init; } = 91;

    /// <summary>Length of the period of recency, frequency and monetary value, days.</summary>
    [PolicyRange(7, 3650)]
    public double RfmPeriodDays { get; init; } = 365;

    /// <summary>Violations of the relations between the fields.</summary>
    internal IEnumerable<string> Violations()
    {
        if (SatisfactionFactors.Length is < 1 or > State.FactorRatings.Capacity || SatisfactionFactors.Distinct().Count() != SatisfactionFactors.Length)
            yield return $"degrees.satisfactionFactors: {SatisfactionFactors.Length} names; 1 to {State.FactorRatings.Capacity} different ones are allowed";
        if (!(AttitudeWeights.Sum() > 0))
            yield return "degrees.attitudeWeights: all are 0; one must be above 0";
        if (BehaviourWeights.Length == 3 && !(BehaviourWeights[0] + BehaviourWeights[2] > 0))
        {
            yield return "degrees.behaviourWeights: repeat share and regularity are both 0; one must be above 0, because breadth is unknown where no categories "
                + "are sent";
        }
    }
}
