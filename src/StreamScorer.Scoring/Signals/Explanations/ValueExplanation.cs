using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals.Explanations;

/// <summary>Explains values of the past and of the future.</summary>
internal static class ValueExplanation
{
    private const double DaysPerYear = ScoringRules.DaysPerYear;

    public static void Add(ExplanationBuilder b, in CustomerSignals s, double populationTotal)
    {
        ref readonly CustomerState state = ref s.State;
        ScoringPolicy policy = s.Rules.Policy;
        b.Add("customerValue", s.CustomerValue, b.Currency, "{decayedProfit} + {residualValue}", ("decayedProfit", s.DecayedProfit), ("residualValue", s.ResidualValue));
        if (state.DecayedProfit > 0)
        {
            b.Add("decayedProfit", s.DecayedProfit, b.Currency, "{decayedProfitAtLastEvent} x 2 ^ (0 - {daysSinceLastEvent} / {profitHalfLifeDays})",
                ("decayedProfitAtLastEvent", state.DecayedProfit), ("daysSinceLastEvent", Days(Math.Max(0, s.AtMs - state.AsOfMs))),
                ("profitHalfLifeDays", policy.Value.ProfitHalfLifeDays));
        }
        else
        {
            b.Add("decayedProfit", s.DecayedProfit, b.Currency, "{decayedProfitAtLastEvent}", ("decayedProfitAtLastEvent", state.DecayedProfit));
        }
        double purchases = s.HasPurchases && !s.HasEnded ? s.DiscountedPurchasesIfAlive() : 0;
        b.Add("residualValue", s.ResidualValue, b.Currency, "{aliveProbability} x {discountedPurchasesIfAlive} x {expectedSpend} x {marginRate}",
            ("aliveProbability", s.AliveProbability), ("discountedPurchasesIfAlive", purchases), ("expectedSpend", s.ExpectedSpend), ("marginRate", s.MarginRate));
        b.Add("historicalValue", s.Values.HistoricalValue, b.Currency, "{profitDiscountedTo2000} x (1 + {discountRate}) ^ {yearsSince2000}",
            ("profitDiscountedTo2000", state.DiscountedProfit), ("discountRate", policy.Value.DiscountRatePerYear),
            ("yearsSince2000", Days(s.AtMs - Aggregation.ValueLandmarkMs) / DaysPerYear));
        AddFuture(b, in s);
        AddGrowth(b, in s);
        b.Add("clpNarrow", s.Values.ClpNarrow, b.Currency, "{currentValue} + {growthValue}", ("currentValue", s.Values.CurrentValue), ("growthValue", s.Values.GrowthValue));
        b.Add("clpBroad", s.Values.ClpBroad, b.Currency, "{historicalValue} + {clpNarrow}", ("historicalValue", s.Values.HistoricalValue), ("clpNarrow", s.Values.ClpNarrow));
        b.Add("contributionShare", s.Values.ContributionShare(populationTotal), "share", "({historicalValue} + {residualValue}) / {populationTotal}",
            ("historicalValue", s.Values.HistoricalValue), ("residualValue", s.ResidualValue), ("populationTotal", populationTotal));
    }

    private static void AddFuture(ExplanationBuilder b, in CustomerSignals s)
    {
        b.Add("currentValueIfAlive", s.Values.CurrentValueIfAlive, b.Currency, "{profitPerDay} / {cycle} x {annuity}",
            ("profitPerDay", s.Purchases.ProfitPerDay), ("cycle", s.Purchases.CycleYears), ("annuity", s.Values.Annuity));
        b.Add("currentValue", s.Values.CurrentValue, b.Currency, "{aliveProbability} x {currentValueIfAlive}",
            ("aliveProbability", s.AliveProbability), ("currentValueIfAlive", s.Values.CurrentValueIfAlive));
        double annuity = Cycles(in s);
        b.Add("reviewedValue", s.Values.ReviewedValue, b.Currency, "{ticket} x {annuityOfWholeCycles}", ("ticket", s.Purchases.Ticket), ("annuityOfWholeCycles", annuity));
        b.Add("reviewedProfit", s.Values.ReviewedProfit, b.Currency, "{profitPerDay} x {annuityOfWholeCycles}",
            ("profitPerDay", s.Purchases.ProfitPerDay), ("annuityOfWholeCycles", annuity));
    }

    private static void AddGrowth(ExplanationBuilder b, in CustomerSignals s)
    {
        GrowthPolicy growth = s.Rules.Policy.Growth;
        (string, double)[] inputs =
        [
            ("currentValueIfAlive", s.Values.CurrentValueIfAlive), ("trendGainMax", growth.TrendGainMax), ("trend", s.Trend),
            ("crossSellWeight", growth.CrossSellWeight), ("crossSellPotential", s.Values.CrossSellPotential), ("referralValue", s.Values.ReferralValue),
        ];
        b.Add("growthValue", s.Values.GrowthValue, b.Currency,
            "{currentValueIfAlive} x (min({trendGainMax}, max(0, {trend} - 1)) + {crossSellWeight} x {crossSellPotential}) + {referralValue}", inputs);
        b.Add("growthValueUncapped", s.Values.GrowthValueUncapped, b.Currency,
            "{currentValueIfAlive} x (max(0, {trend} - 1) + {crossSellWeight} x {crossSellPotential}) + {referralValue}", [.. inputs.Where(i => i.Item1 != "trendGainMax")]);
        int owned = s.Purchases.CategoriesOwned;
        if (owned == 0)
            b.Add("crossSellPotential", 0, "share", "{categoriesOwned}", ("categoriesOwned", 0));
        else
            b.Add("crossSellPotential", s.Values.CrossSellPotential, "share",
                "({categoriesOwned} - 1 + {priorWeight} x {priorNewCategories}) / ({repeatDays} + {priorWeight}) x max(0, {categories} - {categoriesOwned}) / {categories}",
                ("categoriesOwned", owned), ("priorWeight", growth.PriorNewCategoriesWeight), ("priorNewCategories", growth.PriorNewCategories),
                ("repeatDays", Math.Max(0, s.State.PurchaseDays - 1)), ("categories", growth.Categories));
        b.Add("referralValue", s.Values.ReferralValue, b.Currency, "{referralsPerYear} x ({newCustomerValue} - {newCustomerCost}) x {annuity}",
            ("referralsPerYear", s.Values.ReferralsPerYear), ("newCustomerValue", growth.NewCustomerValue), ("newCustomerCost", growth.NewCustomerCost),
            ("annuity", s.Values.Annuity));
    }

    private static double Cycles(in CustomerSignals s)
    {
        double cycle = s.Purchases.CycleYears;
        return s.HasPurchases ? Annuity.YearEnd(Math.Pow(1 + s.Rules.Policy.Value.DiscountRatePerYear, cycle) - 1, Math.Floor(s.HorizonYears / cycle)) : 0;
    }

    private static double Days(long ms) => ms / (double)BusinessCalendar.DayMs;
}
