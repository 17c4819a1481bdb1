using System.Numerics;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals;

/// <summary>
/// What silence does not change in a customer's signals: made once for all the instants at which one state is looked at. The search for a deadline looks at many.
/// </summary>
internal struct SteadySignals
{
    /// <summary>Measures all of a customer.</summary>
    /// <param name="state">The customer's aggregates.</param>
    /// <param name="cold">The rare part of them.</param>
    /// <param name="rules">The policy's rules.</param>
    public void Measure(ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules)
    {
        long netRevenue = state.NetRevenue;
        RevenueTotal = Money.ToDouble(netRevenue);
        double profit = Money.ToDouble(Money.Add(netRevenue, -state.Cost));
        double spanMs = 0;
        if (state.PurchaseCount > 0)
        {
            BusinessCalendar calendar = rules.Calendar;
            FirstDayMs = calendar.DayStartMs(state.FirstPurchaseMs, out int firstDay);
            AsOfDayMs = calendar.DayStartMs(state.AsOfMs, out int asOfDay);
            AsOfDayAge = asOfDay - firstDay;
            Repeats = state.PurchaseDays - 1;
            RepeatShare = Repeats / (double)state.PurchaseDays;
            spanMs = calendar.DayStartMs(state.LastPurchaseMs, out _) - FirstDayMs;
            Recency = spanMs / rules.UnitMs;
            Ticket = RevenueTotal / state.PurchaseDays;
            ProfitPerDay = profit / state.PurchaseDays;
            CrossSellPotential = CrossSellPotentialOf(in state, rules.Policy.Growth);
        }
        Breadth = Math.Min(1, BitOperations.PopCount(state.Categories) / (double)rules.Policy.Growth.Categories);
        ValuePolicy value = rules.Policy.Value;
        double span = spanMs / (ScoringRules.DaysPerYear * BusinessCalendar.DayMs);
        double cycle = (value.PriorCycleWeight * value.PriorCycleYears + span) / (value.PriorCycleWeight + Math.Max(0, state.PurchaseDays - 1));
        CycleYears = Math.Max(cycle, 1 / ScoringRules.DaysPerYear);
        ProfitPerYear = ProfitPerDay / CycleYears;
        double revenue = Math.Max(0, RevenueTotal);
        MarginRate = Math.Clamp((profit + value.PriorMarginRate * value.PriorMarginWeight) / (revenue + value.PriorMarginWeight), 0, 1);
        bool isFirstUnpaid = state.FirstDayRevenue == 0;
        SpendDays = Repeats - cold.UnpaidDays.Count + (isFirstUnpaid && cold.UnpaidDays.Count > 0 ? 1 : 0);
        double repeatSpend = Money.ToDouble(Money.Add(netRevenue, -state.FirstDayRevenue));
        ExpectedSpend = rules.Spend.ExpectedSpend(SpendDays, SpendDays == 0 ? 0 : Math.Max(0, repeatSpend) / SpendDays);
    }

    /// <summary>Start of the first purchase day, unix milliseconds; 0 without a purchase, as all below.</summary>
    public long FirstDayMs { get; private set; }

    /// <summary>Start of the day that the daily decayed sums stand for, unix milliseconds.</summary>
    public long AsOfDayMs { get; private set; }

    /// <summary>Days from the first purchase day to that day.</summary>
    public int AsOfDayAge { get; private set; }

    /// <summary>Repeat purchase days: the models' x.</summary>
    public int Repeats { get; private set; }

    /// <summary>Time from the first to the last purchase day, model units: the models' t_x.</summary>
    public double Recency { get; private set; }

    /// <inheritdoc cref="PurchaseSignals.RevenueTotal"/>
    public double RevenueTotal { get; private set; }

    /// <inheritdoc cref="PurchaseSignals.Ticket"/>
    public double Ticket { get; private set; }

    /// <inheritdoc cref="PurchaseSignals.ProfitPerDay"/>
    public double ProfitPerDay { get; private set; }

    /// <inheritdoc cref="PurchaseSignals.CycleYears"/>
    public double CycleYears { get; private set; }

    /// <inheritdoc cref="DegreeSignals.RepeatShare"/>
    public double RepeatShare { get; private set; }

    /// <inheritdoc cref="DegreeSignals.Breadth"/>
    public double Breadth { get; private set; }

    /// <inheritdoc cref="ValueSignals.ProfitPerYear"/>
    public double ProfitPerYear { get; private set; }

    /// <inheritdoc cref="ValueSignals.CrossSellPotential"/>
    public double CrossSellPotential { get; private set; }

    /// <inheritdoc cref="CustomerSignals.MarginRate"/>
    public double MarginRate { get; private set; }

    /// <inheritdoc cref="CustomerSignals.SpendDays"/>
    public int SpendDays { get; private set; }

    /// <inheritdoc cref="CustomerSignals.ExpectedSpend"/>
    public double ExpectedSpend { get; private set; }

    private static double CrossSellPotentialOf(ref readonly CustomerState state, GrowthPolicy growth)
    {
        int owned = BitOperations.PopCount(state.Categories);
        if (owned == 0)
            return 0;
        double repeats = Math.Max(0, state.PurchaseDays - 1);
        double perDay = (owned - 1 + growth.PriorNewCategoriesWeight * growth.PriorNewCategories) / (repeats + growth.PriorNewCategoriesWeight);
        return perDay * Math.Max(0, growth.Categories - owned) / growth.Categories;
    }
}
