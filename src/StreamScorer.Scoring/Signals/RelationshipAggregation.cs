using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals;

/// <summary>
/// Folds events other than purchases into the customer's rare record. Counts, sums and newest statements do not depend on the order of events; decayed sums only
/// by rounding.
/// </summary>
internal static class RelationshipAggregation
{
    /// <summary>Adds one event; types without an effect on the rare record are ignored.</summary>
    public static void Add(ref ColdState cold, in CustomerEvent e, ScoringRules rules)
    {
        double weight;
        switch (e.Type)
        {
            case EventType.Contact:
                weight = Weight(ref cold, e.TimeMs, rules, rules.ContactDecay);
                cold.Responses.Contacts++;
                cold.Responses.DecayedContacts += weight;
                break;
            case EventType.Response:
                weight = Weight(ref cold, e.TimeMs, rules, rules.ContactDecay);
                cold.Responses.Responses++;
                cold.Responses.DecayedResponses += weight;
                break;
            case EventType.Satisfaction:
                AddRating(ref cold, in e, rules);
                break;
            case EventType.Complaint:
                AddComplaint(ref cold, in e, rules);
                break;
            case EventType.Referral:
                weight = Weight(ref cold, e.TimeMs, rules, rules.ReferralDecay);
                cold.Referrals.Count++;
                cold.Referrals.Attributed += e.IsAttributed ? 1 : 0;
                cold.Referrals.Decayed += weight;
                break;
            case EventType.Cost when e.CostReason == CostReason.Acquisition:
                cold.AcquisitionCost = Money.Add(cold.AcquisitionCost, e.Amount);
                break;
            case EventType.Cost:
                cold.CostToServe = Money.Add(cold.CostToServe, e.Amount);
                break;
            case EventType.Information:
                AddInformation(ref cold.Information, in e);
                break;
            default:
                AddStatement(ref cold, in e);
                break;
        }
    }

    private static void AddStatement(ref ColdState cold, in CustomerEvent e)
    {
        switch (e.Type)
        {
            case EventType.Wallet:
                // Of two statements at one instant the greater one stays, here and below, so that their order does not matter.
                if (cold.Wallet.AmountAYear == 0 || (e.TimeMs, e.Amount).CompareTo((cold.Wallet.StatedMs, cold.Wallet.AmountAYear)) > 0)
                    (cold.Wallet.StatedMs, cold.Wallet.AmountAYear) = (e.TimeMs, e.Amount);
                break;
            case EventType.Default:
                cold.Defaults.LastMs = cold.Defaults.Count == 0 ? e.TimeMs : Math.Max(cold.Defaults.LastMs, e.TimeMs);
                cold.Defaults.Count++;
                cold.Defaults.Amount = Money.Add(cold.Defaults.Amount, e.Amount);
                break;
            case EventType.Defection:
                AddDefection(ref cold.Defection, in e);
                break;
            case EventType.Ending:
                AddEnding(ref cold.Ending, in e);
                break;
        }
    }

    private static void AddRating(ref ColdState cold, in CustomerEvent e, ScoringRules rules)
    {
        double weight = Weight(ref cold, e.TimeMs, rules, rules.RatingDecay);
        double rating = weight * (e.Rating - 1) / 4;
        ref SatisfactionHistory history = ref cold.Satisfaction;
        history.Count++;
        history.Weight += weight;
        history.WeightedRating += rating;
        history.PerceivedGain = Money.Add(history.PerceivedGain, e.Gain);
        history.PerceivedCost = Money.Add(history.PerceivedCost, e.Cost);
        if (e.Phase != SalePhase.None)
            Add(ref history.Phases[(int)e.Phase - 1], weight, rating);
        if (e.Factor > 0)
            Add(ref history.Factors[e.Factor - 1], weight, rating);
    }

    private static void Add(ref RatingSum sum, double weight, double rating)
    {
        sum.Weight += (float)weight;
        sum.WeightedRating += (float)rating;
    }

    private static void AddComplaint(ref ColdState cold, in CustomerEvent e, ScoringRules rules)
    {
        double severity = e.Severity * Weight(ref cold, e.TimeMs, rules, rules.ComplaintDecay);
        cold.Complaints.Count++;
        if (e.Resolved)
            cold.Complaints.DecayedResolved += severity;
        else
            cold.Complaints.DecayedUnresolved += severity;
    }

    private static void AddInformation(ref InformationHistory history, in CustomerEvent e)
    {
        if (e.Information == InformationAction.Used)
        {
            history.Uses++;
            history.PointsUsed += e.Points;
        }
        else
        {
            history.Collections++;
            history.PointsCollected += e.Points;
        }
        history.Cost = Money.Add(history.Cost, e.Cost);
        history.Benefit = Money.Add(history.Benefit, e.Benefit);
    }

    private static void AddDefection(ref Defection last, in CustomerEvent e)
    {
        DefectionFacts facts = DefectionFacts.Happened
            | (e.IsCompetitorKnown ? DefectionFacts.CompetitorKnown : 0)
            | (e.IsInduced ? DefectionFacts.Induced : 0);
        if (last.Facts == DefectionFacts.None || e.TimeMs > last.AtMs)
            (last.AtMs, last.Facts) = (e.TimeMs, facts);
        else if (e.TimeMs == last.AtMs)
            last.Facts |= facts;
    }

    private static void AddEnding(ref Ending last, in CustomerEvent e)
    {
        long endMs = e.EndingReason == EndingReason.Death ? Math.Min(e.EndingMs, e.TimeMs) : e.EndingMs;
        if (last.Reason == EndingReason.None || (e.TimeMs, endMs, e.EndingReason).CompareTo((last.StatedMs, last.EndMs, last.Reason)) > 0)
            (last.StatedMs, last.EndMs, last.Reason) = (e.TimeMs, endMs, e.EndingReason);
    }

    // Moves the decayed sums ahead to a newer event; returns the weight of an event at its time as of the sums' instant. To be called before the event is
    // counted and outside of a compound assignment, which would read the sum before it is moved.
    private static double Weight(ref ColdState cold, long timeMs, ScoringRules rules, Decay decay)
    {
        bool any = (cold.Responses.Contacts | cold.Responses.Responses | cold.Complaints.Count | cold.Referrals.Count | cold.Satisfaction.Count) != 0;
        if (!any)
            cold.AsOfMs = timeMs;
        if (timeMs > cold.AsOfMs)
            MoveTo(ref cold, timeMs, rules);
        return decay.OverMs(cold.AsOfMs - timeMs);
    }

    private static void MoveTo(ref ColdState cold, long timeMs, ScoringRules rules)
    {
        long ms = timeMs - cold.AsOfMs;
        double contacts = rules.ContactDecay.OverMs(ms), ratings = rules.RatingDecay.OverMs(ms), complaints = rules.ComplaintDecay.OverMs(ms);
        cold.AsOfMs = timeMs;
        cold.Responses.DecayedContacts *= contacts;
        cold.Responses.DecayedResponses *= contacts;
        cold.Complaints.DecayedUnresolved *= complaints;
        cold.Complaints.DecayedResolved *= complaints;
        cold.Referrals.Decayed *= rules.ReferralDecay.OverMs(ms);
        cold.Satisfaction.Weight *= ratings;
        cold.Satisfaction.WeightedRating *= ratings;
        foreach (ref RatingSum sum in (Span<RatingSum>)cold.Satisfaction.Phases)
            Scale(ref sum, ratings);
        foreach (ref RatingSum sum in (Span<RatingSum>)cold.Satisfaction.Factors)
            Scale(ref sum, ratings);
    }

    private static void Scale(ref RatingSum sum, double factor)
    {
        sum.Weight = (float)(sum.Weight * factor);
        sum.WeightedRating = (float)(sum.WeightedRating * factor);
    }
}
