using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Models.Numerics;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals;

/// <summary>Values of the past and of the future (design: scoring, section 3), currency units. A view like its source.</summary>
public readonly ref struct ValueSignals
{
    private readonly CustomerSignals signals;

    internal ValueSignals(scoped in CustomerSignals signals) => this.signals = signals;

    private ScoringPolicy Policy => signals.Rules.Policy;

    /// <summary>Value today of all profit so far: sum S_i (1+d)^(now - t_i).</summary>
    public double HistoricalValue => HistoricalValueOf(in signals);

    /// <summary>All profit so far as of the first purchase: sum S_i / (1+d)^(t_i - T_1), the texts' formula. 0 without a purchase.</summary>
    public double HistoricalValueAtFirstPurchase => signals.HasPurchases ? signals.State.DiscountedProfit * Compound(in signals, signals.State.FirstPurchaseMs) : 0;

    /// <summary>Profit a year of going on as now: m / c.</summary>
    public double ProfitPerYear => signals.Steady.ProfitPerYear;

    /// <summary>
    /// Present value of going on as now, whether alive or not (the source's conditional form): (m/c) annc(H), annc(H) = (1 - (1+d)^-H) / ln(1+d).
    /// </summary>
    public double CurrentValueIfAlive => CurrentValueIfAliveOf(in signals);

    /// <summary><see cref="CurrentValueIfAlive"/> x P(alive). Falls in silence when positive.</summary>
    public double CurrentValue => CurrentValueOf(in signals);

    /// <summary>What could come on top of going on as now, the trend's part capped by the policy. Negative for a customer who brings losses.</summary>
    public double GrowthValue => GrowthValueOf(in signals);

    /// <summary>The same without the cap: the source's maximum growth, for the relative-value matrix.</summary>
    public double GrowthValueUncapped => GrowthValueUncappedOf(in signals);

    /// <summary>
    /// New categories per repeat purchase day, shrunk to the prior, times the share of categories not owned yet; 0 where categories are not sent.
    /// </summary>
    public double CrossSellPotential => signals.Steady.CrossSellPotential;

    /// <summary>
    /// Referrals a year, from their decayed number as if of an endless past, so that one referral of a newcomer is not blown up to many a year.
    /// </summary>
    public double ReferralsPerYear => ReferralsPerYearOf(in signals);

    /// <summary>
    /// What referrals bring: referrals a year x (value - cost of a new customer) x annc(H). An attribution: never added to totals, because the referred
    /// customers' own values are in them.
    /// </summary>
    public double ReferralValue => ReferralValueOf(in signals);

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
    internal double Annuity => AnnuityOf(in signals);

    /// <inheritdoc cref="HistoricalValue"/>
    internal static double HistoricalValueOf(in CustomerSignals signals) => signals.State.DiscountedProfit * Compound(in signals, signals.AtMs);

    /// <inheritdoc cref="CurrentValue"/>
    internal static double CurrentValueOf(in CustomerSignals signals) => signals.AliveProbability * CurrentValueIfAliveOf(in signals);

    /// <inheritdoc cref="GrowthValue"/>
    internal static double GrowthValueOf(in CustomerSignals signals) => GrowthWith(in signals, signals.Rules.Policy.Growth.TrendGainMax);

    /// <inheritdoc cref="GrowthValueUncapped"/>
    internal static double GrowthValueUncappedOf(in CustomerSignals signals) => GrowthWith(in signals, double.PositiveInfinity);

    /// <inheritdoc cref="ReferralValue"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double ReferralValueOf(in CustomerSignals signals)
    {
        if (signals.Cold.Referrals.Decayed == 0)
            return 0;
        GrowthPolicy growth = signals.Rules.Policy.Growth;
        return ReferralsPerYearOf(in signals) * (growth.NewCustomerValue - growth.NewCustomerCost) * AnnuityOf(in signals);
    }

    private static double CurrentValueIfAliveOf(in CustomerSignals signals) => signals.Steady.ProfitPerYear * AnnuityOf(in signals);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double AnnuityOf(in CustomerSignals signals)
    {
        ValuePolicy value = signals.Rules.Policy.Value;
        return signals.HorizonYears == value.HorizonYears
            ? signals.Rules.FullAnnuity
            : Signals.Annuity.Continuous(value.DiscountRatePerYear, signals.HorizonYears);
    }

    private static double GrowthWith(in CustomerSignals signals, double trendGainMax)
    {
        double trendGain = Math.Clamp(signals.Trend - 1, 0, trendGainMax);
        double gain = trendGain + signals.Rules.Policy.Growth.CrossSellWeight * signals.Steady.CrossSellPotential;
        return CurrentValueIfAliveOf(in signals) * gain + ReferralValueOf(in signals);
    }

    private static double ReferralsPerYearOf(in CustomerSignals signals)
    {
        ref readonly ColdState cold = ref signals.Cold;
        if (cold.Referrals.Decayed == 0)
            return 0;
        Decay decay = signals.Rules.ReferralDecay;
        double now = cold.Referrals.Decayed * decay.OverMs(Math.Max(0, signals.AtMs - cold.AsOfMs));
        return Math.Log(2) / decay.HalfLifeDays * ScoringRules.DaysPerYear * now;
    }

    private double Reviewed(double perCycle)
    {
        if (!signals.HasPurchases)
            return 0;
        double cycle = signals.Purchases.CycleYears, d = Policy.Value.DiscountRatePerYear;
        double cycles = Math.Floor(signals.HorizonYears / cycle);
        return perCycle * Signals.Annuity.YearEnd(Math.Pow(1 + d, cycle) - 1, cycles);
    }

    // (1+d)^(t - landmark).
    private static double Compound(in CustomerSignals signals, long untilMs) =>
        SpecialFunctions.Exp((untilMs - Aggregation.ValueLandmarkMs) * signals.Rules.DiscountPerMs);
}
