using System.Numerics;
using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals;

/// <summary>How a customer buys: cycle, ticket, recency, frequency, monetary value, trend, and what is expected next. A view like its source.</summary>
public readonly ref struct PurchaseSignals
{
    private readonly CustomerSignals signals;

    internal PurchaseSignals(scoped in CustomerSignals signals) => this.signals = signals;

    private ref readonly CustomerState State => ref signals.State;

    /// <summary>Time since the last purchase, days; infinite without one.</summary>
    public double SilenceDays => SilenceDaysOf(in signals);

    /// <summary>
    /// Average purchase cycle, years, shrunk to the prior: (w c0 + (T_n - T_1)) / (w + days - 1), at least one day. Does not change in silence.
    /// </summary>
    public double CycleYears => signals.Steady.CycleYears;

    /// <summary>The greater of <see cref="CycleYears"/> and the silence, years: an overdue customer's cycle is at least its silence. Rises in silence.</summary>
    public double EffectiveCycleYears => EffectiveCycleYearsOf(in signals);

    /// <summary>Sum of purchase amounts less refunds: the total transaction amount. Negative when refunds exceed it.</summary>
    public double RevenueTotal => signals.Steady.RevenueTotal;

    /// <summary>Net revenue per purchase day; 0 without one. The ticket is an amount, not a profit.</summary>
    public double Ticket => signals.Steady.Ticket;

    /// <summary>Profit per purchase day, m; 0 without one.</summary>
    public double ProfitPerDay => signals.Steady.ProfitPerDay;

    /// <summary>Product categories bought, 0 to 64: by hash, so that two of many may count as one.</summary>
    public int CategoriesOwned => BitOperations.PopCount(State.Categories);

    /// <summary>
    /// Fast rate over slow rate of the number of purchases, the first purchase day excluded; beside the trend of profit, which is what the stages use.
    /// 1 below three purchase days.
    /// </summary>
    public double PurchaseTrend => TrendOf(in State, RatesOfPurchases);

    /// <summary>Expected number of purchase days within the churn horizon. Falls in silence for k = 1.</summary>
    public double ExpectedPurchases =>
        signals.HasPurchases && !signals.HasEnded ? signals.Rules.Purchases.ExpectedPurchases(signals.History, signals.Rules.ChurnHorizon) : 0;

    /// <summary>
    /// When the next purchase is expected if the customer is alive, unix milliseconds: the instant by which half of such customers have bought.
    /// <see cref="long.MaxValue"/> without a purchase, after the end of the relationship, and when it is more than 1,000 years away.
    /// </summary>
    public long NextPurchaseExpectedMs
    {
        get
        {
            if (!signals.HasPurchases || signals.HasEnded)
                return long.MaxValue;
            double ms = signals.Rules.Purchases.MedianTimeToNextPurchase(signals.History) * signals.Rules.UnitMs;
            return ms < 1000 * ScoringRules.DaysPerYear * BusinessCalendar.DayMs ? signals.AtMs + (long)ms : long.MaxValue;
        }
    }

    /// <summary>R: days since the last purchase, infinite without one. A customer beyond the policy's period has frequency and monetary value near 0.</summary>
    public double RfmRecencyDays => SilenceDays;

    /// <summary>
    /// F: purchases within the policy's period. The record holds no list of purchases, so it is the slow rate of purchases, first one included, times the period
    /// (or the age, when the customer is younger): exact for steady trade, a weighted count that prefers the latest purchases otherwise [own]. Falls in silence.
    /// </summary>
    public double RfmFrequency => signals.RfmFrequency;

    /// <summary>M: amount within the policy's period: <see cref="RfmFrequency"/> x net revenue per purchase; never negative.</summary>
    public double RfmMonetary => RfmMonetaryOf(in signals);

    /// <summary>Fast rate over slow rate of profit, the first purchase day excluded; 1 below three purchase days or when the slow rate is not positive.</summary>
    public double Trend => signals.Trend;

    /// <summary>Fast and slow rate of profit, currency units a year, the first purchase day excluded.</summary>
    internal (double Fast, double Slow) RatesOfProfit =>
        signals.HasPurchases
        ? RatesOfProfitBy(in State, new RatesNow(in signals))
        : default;

    /// <summary>Fast and slow rate of purchases a year, the first purchase day excluded.</summary>
    internal (double Fast, double Slow) RatesOfPurchases => signals.HasPurchases
        ? new RatesNow(in signals).Repeats((State.FastPurchases, State.SlowPurchases), State.FirstDayPurchases)
        : default;

    /// <inheritdoc cref="EffectiveCycleYears"/>
    internal static double EffectiveCycleYearsOf(in CustomerSignals signals) =>
        Math.Max(signals.Steady.CycleYears, SilenceDaysOf(in signals) / ScoringRules.DaysPerYear);

    /// <inheritdoc cref="RfmMonetary"/>
    internal static double RfmMonetaryOf(in CustomerSignals signals) =>
        signals.HasPurchases ? signals.RfmFrequency * Math.Max(0, signals.Steady.RevenueTotal) / signals.State.PurchaseCount : 0;

    /// <summary><see cref="Trend"/> and, where it is wanted, <see cref="RfmFrequency"/>: both go by the same two decays.</summary>
    internal static (double Trend, double Frequency) TrendAndFrequency(in CustomerSignals signals, bool withFrequency)
    {
        ref readonly CustomerState state = ref signals.State;
        if (!signals.HasPurchases || (state.PurchaseDays < 3 && !withFrequency))
            return (1, 0);
        var rates = new RatesNow(in signals);
        double period = Math.Min(rates.AgeDays, signals.Rules.Policy.Degrees.RfmPeriodDays);
        return (TrendOf(in state, RatesOfProfitBy(in state, in rates)), rates.Slow(state.SlowPurchases) * period / ScoringRules.DaysPerYear);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double SilenceDaysOf(in CustomerSignals signals) =>
        signals.HasPurchases ? (signals.AtMs - signals.State.LastPurchaseMs) / (double)BusinessCalendar.DayMs : double.PositiveInfinity;

    private static double TrendOf(ref readonly CustomerState state, (double Fast, double Slow) rates) =>
        state.PurchaseDays < 3 || !(rates.Slow > 0) ? 1 : rates.Fast / rates.Slow;

    private static (double Fast, double Slow) RatesOfProfitBy(ref readonly CustomerState state, in RatesNow rates) =>
        rates.Repeats((state.FastProfit, state.SlowProfit), Money.ToDouble(state.FirstDayProfit));
}
