using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Signals;

/// <summary>Values of the past and of the future (design: scoring, section 3), currency units. A view like its source.</summary>
public readonly ref struct ValueSignals
{
    private readonly CustomerSignals signals;

    internal ValueSignals(scoped in CustomerSignals signals) => this.signals = signals;

    private ScoringPolicy Policy => signals.Rules.Policy;

    /// <summary>Value today of all profit so far: sum S_i (1+d)^(now - t_i).</summary>
    public double HistoricalValue => signals.State.DiscountedProfit * Compound(signals.AtMs);

    /// <summary>All profit so far as of the first purchase: sum S_i / (1+d)^(t_i - T_1), the texts' formula. 0 without a purchase.</summary>
    public double HistoricalValueAtFirstPurchase => signals.HasPurchases ? signals.State.DiscountedProfit * Compound(signals.State.FirstPurchaseMs) : 0;

    /// <summary>Profit a year of going on as now: m / c.</summary>
    public double ProfitPerYear => signals.HasPurchases ? signals.Purchases.ProfitPerDay / signals.Purchases.CycleYears : 0;

    /// <summary>
    /// Present value of going on as now, whether alive or not (the source's conditional form): (m/c) annc(H), annc(H) = (1 - (1+d)^-H) / ln(1+d).
    /// </summary>
    public double CurrentValueIfAlive => ProfitPerYear * Annuity;

    /// <summary><see cref="CurrentValueIfAlive"/> x P(alive). Falls in silence when positive.</summary>
    public double CurrentValue => signals.AliveProbability * CurrentValueIfAlive;

    /// <summary>What could come on top of going on as now, the trend's part capped by the policy. Negative for a customer who brings losses.</summary>
    public double GrowthValue => GrowthWith(Policy.Growth.TrendGainMax);

    /// <summary>The same without the cap: the source's maximum growth, for the relative-value matrix.</summary>
    public double GrowthValueUncapped => GrowthWith(double.PositiveInfinity);

    /// <summary>
    /// New categories per repeat purchase day, shrunk to the prior, times the share of categories not owned yet; 0 where categories are not sent.
    /// </summary>
    public double CrossSellPotential
    {
        get
        {
            GrowthPolicy growth = Policy.Growth;
            int owned = signals.Purchases.CategoriesOwned;
            if (owned == 0)
                return 0;
            double repeats = Math.Max(0, signals.State.PurchaseDays - 1);
            double perDay = (owned - 1 + growth.PriorNewCategoriesWeight * growth.PriorNewCategories) / (repeats + growth.PriorNewCategoriesWeight);
            return perDay * Math.Max(0, growth.Categories - owned) / growth.Categories;
        }
    }

    /// <summary>
    /// Referrals a year, from their decayed number as if of an endless past, so that one referral of a newcomer is not blown up to many a year.
    /// </summary>
    public double ReferralsPerYear
    {
        get
        {
            if (signals.Cold.Referrals.Decayed == 0)
                return 0;
            Decay decay = signals.Rules.ReferralDecay;
            double now = signals.Cold.Referrals.Decayed * decay.OverMs(Math.Max(0, signals.AtMs - signals.Cold.AsOfMs));
            return Math.Log(2) / decay.HalfLifeDays * ScoringRules.DaysPerYear * now;
        }
    }

    /// <summary>
    /// What referrals bring: referrals a year x (value - cost of a new customer) x annc(H). An attribution: never added to totals, because the referred
    /// customers' own values are in them.
    /// </summary>
    public double ReferralValue =>
        signals.Cold.Referrals.Decayed == 0 ? 0 : ReferralsPerYear * (Policy.Growth.NewCustomerValue - Policy.Growth.NewCustomerCost) * Annuity;

    /// <summary>Customer life-cycle profit in the narrow sense: the future alone, <see cref="CurrentValue"/> + <see cref="GrowthValue"/>.</summary>
    public double ClpNarrow => CurrentValue + GrowthValue;

    /// <summary>Customer life-cycle profit in the broad sense: <see cref="HistoricalValue"/> + <see cref="ClpNarrow"/>.</summary>
    public double ClpBroad => HistoricalValue + ClpNarrow;

    /// <summary>CRV model: the average amount of a purchase day at the end of each cycle from now on, discounted over H; whole cycles only.</summary>
    public double ReviewedValue => Reviewed(signals.Purchases.Ticket);

    /// <summary>The same with the average profit of a purchase day.</summary>
    public double ReviewedProfit => Reviewed(signals.Purchases.ProfitPerDay);

    /// <summary>The customer's share of the population's value: (historical + residual value) / total; null when the total is not positive.</summary>
    /// <param name="populationTotal">Historical plus residual value of all customers, currency units.</param>
    public double? ContributionShare(double populationTotal) => populationTotal > 0 ? (HistoricalValue + signals.ResidualValue) / populationTotal : null;

    /// <summary>Continuous annuity factor annc(H) at the discount rate over the effective horizon, years.</summary>
    internal double Annuity => signals.HorizonYears == Policy.Value.HorizonYears
        ? signals.Rules.FullAnnuity
        : Signals.Annuity.Continuous(Policy.Value.DiscountRatePerYear, signals.HorizonYears);

    private double GrowthWith(double trendGainMax)
    {
        double trendGain = Math.Clamp(signals.Trend - 1, 0, trendGainMax);
        return CurrentValueIfAlive * (trendGain + Policy.Growth.CrossSellWeight * CrossSellPotential) + ReferralValue;
    }

    private double Reviewed(double perCycle)
    {
        if (!signals.HasPurchases)
            return 0;
        double cycle = signals.Purchases.CycleYears, d = Policy.Value.DiscountRatePerYear;
        double cycles = Math.Floor(signals.HorizonYears / cycle);
        return perCycle * Signals.Annuity.YearEnd(Math.Pow(1 + d, cycle) - 1, cycles);
    }

    private double Compound(long untilMs)
    {
        double years = (untilMs - Aggregation.ValueLandmarkMs) / (ScoringRules.DaysPerYear * BusinessCalendar.DayMs);
        return Math.Pow(1 + Policy.Value.DiscountRatePerYear, years);
    }
}
