using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals.Explanations;

/// <summary>Explains the degrees and the functions.</summary>
internal static class DegreeExplanation
{
    public static void Add(ExplanationBuilder b, in CustomerSignals s)
    {
        DegreesPolicy policy = s.Rules.Policy.Degrees;
        DegreeSignals d = s.Degrees;
        SatisfactionHistory ratings = s.Cold.Satisfaction;
        double sinceRatings = Since(in s, s.Rules.RatingDecay), sinceContacts = Since(in s, s.Rules.ContactDecay);
        b.Add("satisfactionDegree", d.SatisfactionDegree, "share",
            "min(1, max(0, ({weightedRatings} + {priorWeight} x {priorSatisfaction}) / ({ratingsWeight} + {priorWeight}) - {complaintPenalty}))",
            ("weightedRatings", ratings.WeightedRating * sinceRatings), ("priorWeight", policy.PriorSatisfactionWeight),
            ("priorSatisfaction", policy.PriorSatisfaction), ("ratingsWeight", ratings.Weight * sinceRatings), ("complaintPenalty", d.ComplaintPenalty));
        double gain = Money.ToDouble(ratings.PerceivedGain), cost = Money.ToDouble(ratings.PerceivedCost);
        b.Add("perceivedValue", d.PerceivedValue, b.Currency, "{perceivedGain} - {perceivedCost}", ("perceivedGain", gain), ("perceivedCost", cost));
        b.Add("perceivedValueRatio", d.PerceivedValueRatio, "", "{perceivedGain} / {perceivedCost}", ("perceivedGain", gain), ("perceivedCost", cost));
        b.Add("responseDegree", d.ResponseDegree, "share",
            "min(1, ({responses} + {priorWeight} x {priorResponseRate}) / ({contacts} + {priorWeight}))",
            ("responses", s.Cold.Responses.DecayedResponses * sinceContacts), ("priorWeight", policy.PriorResponseWeight),
            ("priorResponseRate", policy.PriorResponseRate), ("contacts", s.Cold.Responses.DecayedContacts * sinceContacts));
        b.Add("referralDegree", d.ReferralDegree, "share", "{referrals} / ({referrals} + 1)",
            ("referrals", s.Cold.Referrals.Decayed * Since(in s, s.Rules.ReferralDecay)));
        AddLoyalty(b, in s);
        AddRetention(b, in s);
        FunctionSignals f = s.Functions;
        b.Add("directFunction", f.Direct, b.Currency, "{decayedProfit}", ("decayedProfit", s.DecayedProfit));
        b.Add("indirectFunction", f.Indirect, b.Currency, "{referralValue} + {informationValue}",
            ("referralValue", s.Values.ReferralValue), ("informationValue", s.Relationship.InformationValue));
        b.Add("socialFunction", f.Social, "", "{referralDegree} - min(1, {complaintPenalty})", ("referralDegree", d.ReferralDegree), ("complaintPenalty", d.ComplaintPenalty));
    }

    private static void AddLoyalty(ExplanationBuilder b, in CustomerSignals s)
    {
        DegreeSignals d = s.Degrees;
        DegreesPolicy policy = s.Rules.Policy.Degrees;
        const string Mean = "({0} x {1} + {2} x {3} + {4} x {5}) / ({0} + {2} + {4})";
        b.Add("loyaltyAttitude", d.LoyaltyAttitude, "share",
            Named(Mean, "satisfactionWeight", "satisfactionDegree", "referralWeight", "referralDegree", "responseWeight", "responseDegree"),
            ("satisfactionWeight", policy.AttitudeWeights[0]), ("satisfactionDegree", d.SatisfactionDegree), ("referralWeight", policy.AttitudeWeights[1]),
            ("referralDegree", d.ReferralDegree), ("responseWeight", policy.AttitudeWeights[2]), ("responseDegree", d.ResponseDegree));
        b.Add("loyaltyBehaviour", d.LoyaltyBehaviour, "share",
            Named(Mean, "repeatWeight", "repeatShare", "breadthWeight", "breadth", "regularityWeight", "regularity"),
            ("repeatWeight", policy.BehaviourWeights[0]), ("repeatShare", d.RepeatShare), ("breadthWeight", s.State.Categories == 0 ? 0 : policy.BehaviourWeights[1]),
            ("breadth", d.Breadth), ("regularityWeight", policy.BehaviourWeights[2]), ("regularity", d.Regularity));
        b.Add("loyaltyConversion", d.LoyaltyConversion, "", "{loyaltyBehaviour} - {loyaltyAttitude}",
            ("loyaltyBehaviour", d.LoyaltyBehaviour), ("loyaltyAttitude", d.LoyaltyAttitude));
    }

    private static void AddRetention(ExplanationBuilder b, in CustomerSignals s)
    {
        (int Bought, int Periods) observed = s.Degrees.ObservedPeriods;
        b.Add("retentionObserved", s.Degrees.RetentionObserved, "share", "{periodsWithPurchase} / {periodsAfterTheFirst}",
            ("periodsWithPurchase", observed.Bought), ("periodsAfterTheFirst", observed.Periods));
        b.Add("retentionExpected", s.Degrees.RetentionExpected, "probability", s.HasPurchases ? "1 - {churnRisk}" : "{churnRisk}", ("churnRisk", s.ChurnRisk));
    }

    private static string Named(string formula, params string[] names) =>
        names.Select((name, i) => (name, i)).Aggregate(formula, (text, n) => text.Replace($"{{{n.i}}}", $"{{{n.name}}}", StringComparison.Ordinal));

    private static double Since(in CustomerSignals s, Decay decay) => decay.OverMs(Math.Max(0, s.AtMs - s.Cold.AsOfMs));
}
