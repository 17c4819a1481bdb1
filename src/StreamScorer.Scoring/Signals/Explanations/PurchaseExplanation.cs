using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals.Explanations;

/// <summary>Explains how a customer buys.</summary>
internal static class PurchaseExplanation
{
    public static void Add(ExplanationBuilder b, in CustomerSignals s)
    {
        ref readonly CustomerState state = ref s.State;
        ValuePolicy value = s.Rules.Policy.Value;
        double repeats = Math.Max(0, state.PurchaseDays - 1);
        b.Add("cycle", s.Purchases.CycleYears, "years", "max({oneDay}, ({priorWeight} x {priorCycle} + {firstToLast}) / ({priorWeight} + {repeatDays}))",
            ("oneDay", 1 / ScoringRules.DaysPerYear), ("priorWeight", value.PriorCycleWeight), ("priorCycle", value.PriorCycleYears),
            ("firstToLast", s.History.Recency * s.Rules.UnitMs / BusinessCalendar.DayMs / ScoringRules.DaysPerYear), ("repeatDays", repeats));
        b.Add("effectiveCycle", s.HasPurchases ? s.Purchases.EffectiveCycleYears : null, "years", "max({cycle}, {silence})",
            ("cycle", s.Purchases.CycleYears), ("silence", s.Purchases.SilenceDays / ScoringRules.DaysPerYear));
        b.Add("revenueTotal", s.Purchases.RevenueTotal, b.Currency, "{revenue} - {refunds}", ("revenue", Money.ToDouble(state.Revenue)), ("refunds", Money.ToDouble(state.Refunds)));
        b.Add("ticket", s.Purchases.Ticket, b.Currency, "{revenueTotal} / max(1, {purchaseDays})", ("revenueTotal", s.Purchases.RevenueTotal), ("purchaseDays", state.PurchaseDays));
        b.Add("profitPerDay", s.Purchases.ProfitPerDay, b.Currency, s.HasPurchases ? "({revenueTotal} - {cost}) / {purchaseDays}" : "{purchaseDays}",
            ("revenueTotal", s.Purchases.RevenueTotal), ("cost", Money.ToDouble(state.Cost)), ("purchaseDays", state.PurchaseDays));
        b.Add("marginRate", s.MarginRate, "share",
            "min(1, max(0, ({revenueTotal} - {cost} + {priorMarginRate} x {priorMarginWeight}) / (max(0, {revenueTotal}) + {priorMarginWeight})))",
            ("revenueTotal", s.Purchases.RevenueTotal), ("cost", Money.ToDouble(state.Cost)), ("priorMarginRate", value.PriorMarginRate),
            ("priorMarginWeight", value.PriorMarginWeight));
        AddTrend(b, "trend", s.Trend, s.Purchases.RatesOfProfit, state.PurchaseDays);
        AddTrend(b, "purchaseTrend", s.Purchases.PurchaseTrend, s.Purchases.RatesOfPurchases, state.PurchaseDays);
        AddRfm(b, in s);
    }

    private static void AddTrend(ExplanationBuilder b, string name, double value, (double Fast, double Slow) rates, int purchaseDays)
    {
        if (purchaseDays < 3 || !(rates.Slow > 0))
            b.Add(name, value, "", "1 x {one}", ("one", 1));
        else
            b.Add(name, value, "", "{fastRatePerYear} / {slowRatePerYear}", ("fastRatePerYear", rates.Fast), ("slowRatePerYear", rates.Slow));
    }

    private static void AddRfm(ExplanationBuilder b, in CustomerSignals s)
    {
        double period = Math.Min(s.AgeDays, s.Rules.Policy.Degrees.RfmPeriodDays), frequency = s.Purchases.RfmFrequency;
        b.Add("rfmRecency", s.HasPurchases ? s.Purchases.RfmRecencyDays : null, "days", "{silence}", ("silence", s.Purchases.SilenceDays));
        b.Add("rfmFrequency", frequency, "purchases", "{purchasesPerDay} x {periodDays}",
            ("purchasesPerDay", s.HasPurchases && period > 0 ? frequency / period : 0), ("periodDays", s.HasPurchases ? period : 0));
        b.Add("rfmMonetary", s.Purchases.RfmMonetary, b.Currency, "{rfmFrequency} x max(0, {revenueTotal}) / max(1, {purchases})",
            ("rfmFrequency", frequency), ("revenueTotal", s.Purchases.RevenueTotal), ("purchases", s.State.PurchaseCount));
    }
}
