using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals.Explanations;

/// <summary>Explains Ma's values and the retention decision.</summary>
internal static class RelationshipExplanation
{
    public static void Add(ExplanationBuilder b, in CustomerSignals s)
    {
        RelationshipSignals r = s.Relationship;
        RelationshipPolicy policy = s.Rules.Policy.Relationship;
        ref readonly CustomerState state = ref s.State;
        (string, double)[] relationship =
            [("profitBeforeAcquisition", r.ProfitBeforeAcquisition), ("acquisitionCost", r.AcquisitionCost), ("futureReturns", r.FutureReturns)];
        b.Add("relationshipValue", r.RelationshipValue, b.Currency, "{profitBeforeAcquisition} - {acquisitionCost} + {futureReturns}", relationship);
        b.AddWord("worthKeeping", r.IsWorthKeeping ? "yes" : "no", "yes when {profitBeforeAcquisition} > {acquisitionCost} and {futureReturns} > 0", relationship);
        b.Add("sustainedValue", r.SustainedValue, b.Currency, "({profit} - {firstDayProfit}) / {repeatDays}",
            ("profit", Money.ToDouble(state.Profit)), ("firstDayProfit", Money.ToDouble(state.FirstDayProfit)), ("repeatDays", Math.Max(0, state.PurchaseDays - 1)));
        b.Add("lossValue", r.LossValue, b.Currency, "({relationshipValue} + {growthValue}) x (1 + {goodwillDamage})",
            ("relationshipValue", r.RelationshipValue), ("growthValue", s.Values.GrowthValue), ("goodwillDamage", policy.GoodwillDamage));
        AddInformation(b, in s);
        double? wallet = s.Cold.Wallet.AmountAYear > 0 ? Money.ToDouble(s.Cold.Wallet.AmountAYear) : null;
        b.Add("customerShare", r.CustomerShare, "share", "min(1, max(0, {ticket} / {effectiveCycle} / {walletPerYear}))",
            ("ticket", s.Purchases.Ticket), ("effectiveCycle", s.Purchases.EffectiveCycleYears), ("walletPerYear", wallet ?? 0));
        AddDecision(b, in s);
    }

    private static void AddInformation(ExplanationBuilder b, in CustomerSignals s)
    {
        RelationshipPolicy policy = s.Rules.Policy.Relationship;
        InformationHistory i = s.Cold.Information;
        b.Add("informationValue", s.Relationship.InformationValue, b.Currency,
            "{quality} x ({pointsUsed} + {useProbability} x max(0, {pointsCollected} - {pointsUsed})) x {benefitPerPoint} - {informationCost}",
            ("quality", policy.InformationQuality), ("pointsUsed", i.PointsUsed), ("useProbability", policy.InformationUseProbability),
            ("pointsCollected", i.PointsCollected), ("benefitPerPoint", s.Relationship.InformationBenefit), ("informationCost", Money.ToDouble(i.Cost)));
    }

    private static void AddDecision(ExplanationBuilder b, in CustomerSignals s)
    {
        RelationshipSignals r = s.Relationship;
        RelationshipPolicy policy = s.Rules.Policy.Relationship;
        double grossPerDay = s.HasPurchases ? Money.ToDouble(Money.Add(s.State.Profit, s.Cold.CostToServe)) / s.State.PurchaseDays : 0;
        b.Add("expectedMargin", r.ExpectedMarginPerYear, b.Currency, "{aliveProbability} x {profitPerDayBeforeService} / {cycle}",
            ("aliveProbability", s.AliveProbability), ("profitPerDayBeforeService", grossPerDay), ("cycle", s.Purchases.CycleYears));
        double years = s.HasPurchases ? Math.Max(1, s.AgeDays / ScoringRules.DaysPerYear) : 1;
        b.Add("costToServe", r.CostToServePerYear, b.Currency, "max({costToServeMinPerYear}, {costToServeSoFar} / {years})",
            ("costToServeMinPerYear", policy.CostToServeMinPerYear), ("costToServeSoFar", Money.ToDouble(s.Cold.CostToServe)), ("years", years));
        b.AddWord("retentionDecision", r.RetentionDecision.ToString().ToLowerInvariant(),
            "save when {churnRisk} x {lossValue} x {saveRate} > {retentionCost} and the relationship has not ended; else divest when {expectedMargin} <= {costToServe}; "
            + "else maintain",
            ("churnRisk", s.ChurnRisk), ("lossValue", r.LossValue), ("saveRate", policy.SaveRate), ("retentionCost", policy.RetentionCost),
            ("expectedMargin", r.ExpectedMarginPerYear), ("costToServe", r.CostToServePerYear));
    }
}
