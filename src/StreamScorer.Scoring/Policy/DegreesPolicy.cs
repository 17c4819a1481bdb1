using System.Collections.Immutable;

namespace StreamScorer.Scoring.Policy;

/// <summary>Constants of the degrees of satisfaction, loyalty, retention and response (design: scoring, section 5). All defaults are [own].</summary>
public sealed record DegreesPolicy
{
    /// <summary>Half-life of contacts and responses, days: half a year, over which campaigns repeat.</summary>
    public double ContactHalfLifeDays { get; init; } = 180;

    /// <summary>Half-life of ratings, days.</summary>
    public double RatingHalfLifeDays { get; init; } = 180;

    /// <summary>Half-life of complaints, days: shorter than of ratings, because a grievance fades sooner than an opinion.</summary>
    public double ComplaintHalfLifeDays { get; init; } = 90;

    /// <summary>Half-life of referrals, days: rare, so a year of them is looked at.</summary>
    public double ReferralHalfLifeDays { get; init; } = 365;

    /// <summary>Factors that customers rate, 1 to 6, in the order in which they are kept: add new ones at the end.</summary>
    public ImmutableArray<string> SatisfactionFactors { get; init; } = ["product", "service", "price", "delivery"];

    /// <summary>Satisfaction r0 assumed before any rating, 0 to 1: neither pleased nor displeased.</summary>
    public double PriorSatisfaction { get; init; } = 0.5;

    /// <summary>Weight w0 of that prior, ratings.</summary>
    public double PriorSatisfactionWeight { get; init; } = 1;

    /// <summary>What a complaint takes from the satisfaction degree for each point of severity, 0 to 1.</summary>
    public double ComplaintPenalty { get; init; } = 0.15;

    /// <summary>Share of that penalty that remains when a complaint is resolved, 0 to 1.</summary>
    public double ResolvedComplaintShare { get; init; } = 0.3;

    /// <summary>Responses per contact assumed before any contact, 0 to 1.</summary>
    public double PriorResponseRate { get; init; } = 0.2;

    /// <summary>Weight of that prior, contacts.</summary>
    public double PriorResponseWeight { get; init; } = 2;

    /// <summary>Weights of satisfaction, referrals and responses in the attitude; their sum is positive.</summary>
    public ImmutableArray<double> AttitudeWeights { get; init; } = [0.5, 0.25, 0.25];

    /// <summary>Weights of repeat share, breadth and regularity in the behaviour; the first and the last are positive together.</summary>
    public ImmutableArray<double> BehaviourWeights { get; init; } = [0.4, 0.2, 0.4];

    /// <summary>Length of the periods of the observed retention degree, days, 7 to 366. About a quarter; 16 of them are kept.</summary>
    public int RetentionPeriodDays { get; init; } = 91;

    /// <summary>Length of the period of recency, frequency and monetary value, days.</summary>
    public double RfmPeriodDays { get; init; } = 365;

    internal void Check(PolicyValidation.Checker c)
    {
        c.Range("degrees.contactHalfLifeDays", ContactHalfLifeDays, 1, 36_500);
        c.Range("degrees.ratingHalfLifeDays", RatingHalfLifeDays, 1, 36_500);
        c.Range("degrees.complaintHalfLifeDays", ComplaintHalfLifeDays, 1, 36_500);
        c.Range("degrees.referralHalfLifeDays", ReferralHalfLifeDays, 1, 36_500);
        c.That(SatisfactionFactors.Length is >= 1 and <= State.FactorRatings.Capacity && SatisfactionFactors.Distinct().Count() == SatisfactionFactors.Length,
            $"degrees.satisfactionFactors: {SatisfactionFactors.Length} names; 1 to {State.FactorRatings.Capacity} different ones are allowed");
        c.Range("degrees.priorSatisfaction", PriorSatisfaction, 0, 1);
        c.Range("degrees.priorSatisfactionWeight", PriorSatisfactionWeight, 0.01, 1000);
        c.Range("degrees.complaintPenalty", ComplaintPenalty, 0, 1);
        c.Range("degrees.resolvedComplaintShare", ResolvedComplaintShare, 0, 1);
        c.Range("degrees.priorResponseRate", PriorResponseRate, 0, 1);
        c.Range("degrees.priorResponseWeight", PriorResponseWeight, 0.01, 1000);
        c.Weights("degrees.attitudeWeights", AttitudeWeights);
        c.Weights("degrees.behaviourWeights", BehaviourWeights);
        c.That(BehaviourWeights.Length != 3 || BehaviourWeights[0] + BehaviourWeights[2] > 0,
            "degrees.behaviourWeights: repeat share and regularity are both 0; one must be above 0, because breadth is unknown where no categories are sent");
        c.Range("degrees.retentionPeriodDays", RetentionPeriodDays, 7, 366);
        c.Range("degrees.rfmPeriodDays", RfmPeriodDays, 7, 3650);
    }
}
