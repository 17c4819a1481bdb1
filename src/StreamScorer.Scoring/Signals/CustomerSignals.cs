using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals;

/// <summary>
/// The signals of one customer at one instant, computed on demand from the aggregates. A view: cheap to make, and nothing is kept.
/// Money is in currency units, rates are yearly, probabilities are in [0, 1].
/// </summary>
public readonly ref struct CustomerSignals
{
    private readonly ref readonly CustomerState state;
    private readonly ScoringRules rules;
    private readonly long firstDayMs;

    /// <param name="state">The customer's aggregates.</param>
    /// <param name="rules">The policy's rules.</param>
    /// <param name="atMs">Instant of the signals, unix milliseconds; not before the newest event.</param>
    public CustomerSignals(ref readonly CustomerState state, ScoringRules rules, long atMs)
    {
        this.state = ref state;
        this.rules = rules;
        AtMs = atMs;
        DecayedProfit = state.DecayedProfit <= 0 ? state.DecayedProfit : state.DecayedProfit * rules.ProfitDecay.OverMs(Math.Max(0, atMs - state.AsOfMs));
        CustomerValue = DecayedProfit;
        if (!HasPurchases)
            return;
        int firstDay = rules.Calendar.DayOf(state.FirstPurchaseMs);
        int lastDay = rules.Calendar.DayOf(state.LastPurchaseMs);
        firstDayMs = rules.Calendar.StartMs(firstDay);
        double recency = (rules.Calendar.StartMs(lastDay) - firstDayMs) / rules.UnitMs;
        History = new PurchaseHistory(state.PurchaseDays - 1, recency, Math.Max(recency, (atMs - firstDayMs) / rules.UnitMs));
        AliveProbability = rules.Purchases.AliveProbability(History);
        ChurnRisk = rules.Purchases.NoPurchaseProbability(History, rules.ChurnHorizon);
        ResidualValue = AliveProbability * rules.Residual.GivenAlive(History) * ExpectedSpend * MarginRate;
        CustomerValue = DecayedProfit + ResidualValue;
    }

    /// <summary>Instant of the signals, unix milliseconds.</summary>
    public long AtMs { get; }

    /// <summary>Whether there is any purchase; without one the model has nothing to say.</summary>
    public bool HasPurchases => state.PurchaseCount > 0;

    /// <summary>Repeat purchase days, time of the last one and age, in model units.</summary>
    public PurchaseHistory History { get; }

    /// <summary>P(alive): the probability that the customer still buys at all (MBG/CNBD-k).</summary>
    public double AliveProbability { get; }

    /// <summary>P(no purchase within the churn horizon): 1 - P(alive) (1 - ((alpha+T)/(alpha+T+h))^(r+x)) for k = 1.</summary>
    public double ChurnRisk { get; }

    /// <summary>Time since the first purchase day, days.</summary>
    public double AgeDays => (AtMs - firstDayMs) / (double)BusinessCalendar.DayMs;

    /// <summary>
    /// Sum of S_i 2^(-(t-t_i)/h). A negative sum is frozen at the newest event, so that silence does not heal it.
    /// </summary>
    public double DecayedProfit { get; }

    /// <summary>Profit per revenue, shrunk to the policy's prior, in [0, 1].</summary>
    public double MarginRate
    {
        get
        {
            ValuePolicy value = rules.Policy.Value;
            double profit = Money.ToDouble(state.Profit), revenue = Math.Max(0, Money.ToDouble(state.NetRevenue));
            return Math.Clamp((profit + value.PriorMarginRate * value.PriorMarginWeight) / (revenue + value.PriorMarginWeight), 0, 1);
        }
    }

    /// <summary>
    /// Expected spend of a future purchase day (Gamma-Gamma) from the net spend per repeat day; the first day is left out. A customer whose refunds
    /// exceed the repeat spend counts as having spent nothing.
    /// </summary>
    public double ExpectedSpend
    {
        get
        {
            int repeats = History.Repeats;
            double repeatSpend = Money.ToDouble(Money.Add(state.NetRevenue, -state.FirstDayRevenue));
            return rules.Spend.ExpectedSpend(repeats, repeats == 0 ? 0 : Math.Max(0, repeatSpend) / repeats);
        }
    }

    /// <summary>
    /// The probabilistic future: P(alive) x discounted expected residual purchases within H x expected spend x margin rate. Never negative.
    /// </summary>
    public double ResidualValue { get; }

    /// <summary>Past, present and future in one figure: <see cref="DecayedProfit"/> + <see cref="ResidualValue"/>. Falls in silence.</summary>
    public double CustomerValue { get; }

    /// <summary>
    /// Fast rate over slow rate of profit, first purchase day excluded: above 1 the customer is growing. 1 below three purchase days or when the slow rate is
    /// not positive.
    /// </summary>
    public double Trend
    {
        get
        {
            double slow = RateOf(rules.SlowDecay, state.SlowProfit);
            return state.PurchaseDays < 3 || !(slow > 0) ? 1 : RateOf(rules.FastDecay, state.FastProfit) / slow;
        }
    }

    /// <summary>Value today of all profit so far: sum S_i (1+d)^(now - t_i).</summary>
    public double HistoricalValue
    {
        get
        {
            double years = (AtMs - Aggregation.ValueLandmarkMs) / (ScoringRules.DaysPerYear * BusinessCalendar.DayMs);
            return state.DiscountedProfit * Math.Pow(1 + rules.Policy.Value.DiscountRatePerYear, years);
        }
    }

    /// <summary>
    /// Average purchase cycle, years, shrunk to the prior: (w c0 + (T_n - T_1)) / (w + days - 1), at least one day.
    /// </summary>
    public double CycleYears
    {
        get
        {
            ValuePolicy value = rules.Policy.Value;
            double span = History.Recency * rules.UnitMs / (ScoringRules.DaysPerYear * BusinessCalendar.DayMs);
            double cycle = (value.PriorCycleWeight * value.PriorCycleYears + span) / (value.PriorCycleWeight + Math.Max(0, state.PurchaseDays - 1));
            return Math.Max(cycle, 1 / ScoringRules.DaysPerYear);
        }
    }

    /// <summary>
    /// Present value of going on as now, whether alive or not (the source's conditional form): (m/c) annc(H) with annc(H) = (1 - (1+d)^-H) / ln(1+d).
    /// </summary>
    public double CurrentValueIfAlive
    {
        get
        {
            if (!HasPurchases)
                return 0;
            double perYear = Money.ToDouble(state.Profit) / state.PurchaseDays / CycleYears;
            return perYear * Annuity.Continuous(rules.Policy.Value.DiscountRatePerYear, rules.Policy.Value.HorizonYears);
        }
    }

    /// <summary><see cref="CurrentValueIfAlive"/> x P(alive).</summary>
    public double CurrentValue => HasPurchases ? AliveProbability * CurrentValueIfAlive : 0;

    private double RateOf(Decay decay, double sumAtAsOf)
    {
        int asOfDay = rules.Calendar.DayOf(state.AsOfMs);
        int firstDay = rules.Calendar.DayOf(state.FirstPurchaseMs);
        double repeats = sumAtAsOf - Money.ToDouble(state.FirstDayProfit) * decay.OverDays(asOfDay - firstDay);
        return decay.RatePerYear(repeats * decay.OverMs(Math.Max(0, AtMs - rules.Calendar.StartMs(asOfDay))), AgeDays);
    }
}
