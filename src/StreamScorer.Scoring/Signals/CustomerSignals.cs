using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals;

/// <summary>
/// The signals of one customer at one instant, computed on demand from the aggregates. A view: cheap to make, and nothing is kept.
/// Here is what every event needs; <see cref="Purchases"/>, <see cref="Values"/>, <see cref="Relationship"/>, <see cref="Degrees"/> and <see cref="Functions"/>
/// lead to the others. Money is in currency units, rates are yearly, probabilities and degrees are in [0, 1].
/// </summary>
public readonly ref struct CustomerSignals
{
    private const double YearMs = ScoringRules.DaysPerYear * BusinessCalendar.DayMs;

    private readonly ref readonly CustomerState state;
    private readonly ref readonly ColdState cold;
    private readonly SteadySignals steady;
    private readonly SignalGroups ahead;
    private readonly double age, decayedProfit, aliveProbability, churnRisk, residualValue, trend, rfmFrequency;

    /// <param name="state">The customer's aggregates.</param>
    /// <param name="cold">The rare part of them; <see cref="ColdState.None"/> when there is none.</param>
    /// <param name="rules">The policy's rules.</param>
    /// <param name="atMs">Instant of the signals, unix milliseconds; not before the newest event.</param>
    /// <param name="ahead">What to compute once instead of wherever it is asked for. Changes the cost alone.</param>
    public CustomerSignals(
        ref readonly CustomerState state, ref readonly ColdState cold, ScoringRules rules, long atMs, SignalGroups ahead = SignalGroups.All)
        : this(new SignalSource(in state, in cold, rules), atMs, ahead)
    {
    }

    /// <inheritdoc cref="CustomerSignals(ref readonly CustomerState, ref readonly ColdState, ScoringRules, long, SignalGroups)"/>
    /// <param name="source">The customer; <see cref="Source"/> for the one of other signals.</param>
    internal CustomerSignals(SignalSource source, long atMs, SignalGroups ahead = SignalGroups.All)
    {
        state = ref source.State;
        cold = ref source.Cold;
        Rules = source.Rules;
        AtMs = atMs;
        // Measured in place: what is copied right after it was written waits until the processor has put it into its cache.
        if (Unsafe.IsNullRef(in source.Steady))
            steady.Measure(in state, in cold, Rules);
        else
            steady = source.Steady;
        HorizonYears = EffectiveHorizonYears();
        age = Math.Max(steady.Recency, (atMs - steady.FirstDayMs) / Rules.UnitMs);
        if ((ahead & SignalGroups.DecayedProfit) != 0)
            decayedProfit = DecayedProfitNow();
        if ((ahead & SignalGroups.Outlook) != 0)
        {
            PurchaseOutlook outlook = Outlook();
            (aliveProbability, churnRisk, residualValue) = (outlook.Alive, outlook.NoPurchase, ResidualOf(in outlook));
        }
        if ((ahead & SignalGroups.Trend) != 0)
            (trend, rfmFrequency) = PurchaseSignals.TrendAndFrequency(in this, withFrequency: (ahead & SignalGroups.Frequency) == SignalGroups.Frequency);
        this.ahead = ahead;
    }

    /// <summary>A customer at the end of a silence, with the bounds of what falls in it instead of what is left.</summary>
    internal CustomerSignals(SignalSource source, long atMs, SilentBound bound)
        : this(source, atMs, SignalGroups.None)
    {
        (decayedProfit, aliveProbability, churnRisk) = (bound.DecayedProfit, bound.AliveProbability, bound.ChurnRisk);
        (residualValue, trend) = (bound.ResidualValue, bound.Trend);
        ahead = SignalGroups.Absolute;
    }

    /// <summary>Instant of the signals, unix milliseconds.</summary>
    public long AtMs { get; }

    /// <summary>Whether there is any purchase; without one the model has nothing to say.</summary>
    public bool HasPurchases => state.PurchaseCount > 0;

    /// <summary>Repeat purchase days, time of the last one and age, in model units.</summary>
    public PurchaseHistory History
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => HasPurchases ? new(steady.Repeats, steady.Recency, age) : default;
    }

    /// <summary>P(alive): the probability that the customer still buys at all (MBG/CNBD-k). 0 once the relationship has ended.</summary>
    public double AliveProbability => Has(SignalGroups.Outlook) ? aliveProbability : Outlook().Alive;

    /// <summary>
    /// P(no purchase within the churn horizon): 1 - P(alive) (1 - ((alpha+T)/(alpha+T+h))^(r+x)) for k = 1. 1 once the relationship has ended; 0 without a
    /// purchase.
    /// </summary>
    public double ChurnRisk => Has(SignalGroups.Outlook) ? churnRisk : Outlook().NoPurchase;

    /// <summary>Time since the first purchase day, days.</summary>
    public double AgeDays => (AtMs - steady.FirstDayMs) / (double)BusinessCalendar.DayMs;

    /// <summary>The policy's horizon H, cut at the end of the relationship, years.</summary>
    public double HorizonYears { get; }

    /// <summary>
    /// Whether an end of the relationship is known, past or to come. A purchase after its date shows it to be wrong.
    /// </summary>
    public bool IsEnding => cold.Ending.Reason != EndingReason.None && !(HasPurchases && state.LastPurchaseMs > cold.Ending.EndMs);

    /// <summary>Whether the relationship has ended for a reason that no effort changes.</summary>
    public bool HasEnded => IsEnding && AtMs >= cold.Ending.EndMs;

    /// <summary>
    /// Sum of S_i 2^(-(t-t_i)/h). A negative sum is frozen at the newest event, so that silence does not heal it.
    /// </summary>
    public double DecayedProfit => Has(SignalGroups.DecayedProfit) ? decayedProfit : DecayedProfitNow();

    /// <summary>Whether <see cref="DecayedProfit"/> is negative: only then <see cref="CustomerValue"/> can be.</summary>
    public bool HasLosses => state.DecayedProfit < 0;

    /// <summary>Profit per revenue, shrunk to the policy's prior, in [0, 1].</summary>
    public double MarginRate => steady.MarginRate;

    /// <summary>
    /// Repeat purchase days with any spend: the x of the spend model. Days on which every amount was zero count for the purchase model only.
    /// </summary>
    public int SpendDays => steady.SpendDays;

    /// <summary>
    /// Expected spend of a future purchase day (Gamma-Gamma) from the net spend per repeat day; the first day is left out. A customer whose refunds
    /// exceed the repeat spend counts as having spent nothing.
    /// </summary>
    public double ExpectedSpend => steady.ExpectedSpend;

    /// <summary>
    /// The probabilistic future: P(alive) x discounted expected residual purchases within H x expected spend x margin rate. Never negative.
    /// </summary>
    public double ResidualValue => Has(SignalGroups.Outlook) ? residualValue : ResidualOf(Outlook());

    /// <summary>Past, present and future in one figure: <see cref="DecayedProfit"/> + <see cref="ResidualValue"/>. Falls in silence.</summary>
    public double CustomerValue => DecayedProfit + ResidualValue;

    /// <summary>
    /// Fast rate over slow rate of profit, first purchase day excluded: above 1 the customer is growing. 1 below three purchase days or when the slow rate is
    /// not positive.
    /// </summary>
    public double Trend => Has(SignalGroups.Trend) ? trend : PurchaseSignals.TrendAndFrequency(in this, withFrequency: false).Trend;

    /// <summary><see cref="PurchaseSignals.RfmFrequency"/>.</summary>
    internal double RfmFrequency => Has(SignalGroups.Frequency) ? rfmFrequency : PurchaseSignals.TrendAndFrequency(in this, withFrequency: true).Frequency;

    /// <summary>Purchase cycle, ticket, recency, frequency, monetary value and what is expected next.</summary>
    public PurchaseSignals Purchases => new(in this);

    /// <summary>Values of the past and of the future.</summary>
    public ValueSignals Values => new(in this);

    /// <summary>Ma's values of the relationship, and whether to keep it.</summary>
    public RelationshipSignals Relationship => new(in this);

    /// <summary>Degrees of satisfaction, loyalty, retention and response.</summary>
    public DegreeSignals Degrees => new(in this);

    /// <summary>Direct, indirect and social function of the customer.</summary>
    public FunctionSignals Functions => new(in this);

    /// <summary>The same customer in the same state, for signals at another instant.</summary>
    [UnscopedRef]
    internal SignalSource Source => new(in state, in cold, Rules, in steady);

    internal ref readonly CustomerState State => ref state;

    internal ref readonly ColdState Cold => ref cold;

    internal ScoringRules Rules { get; }

    /// <summary>What silence does not change.</summary>
    [UnscopedRef]
    internal ref readonly SteadySignals Steady => ref steady;

    /// <summary>
    /// Discounted purchases to come within the horizon, given alive. A horizon cut by an ending takes the share of the purchases that fall before it: the
    /// discount within the short time left is then a little too strong, which is far below the model's own error.
    /// </summary>
    internal double DiscountedPurchasesIfAlive() => WithinHorizon(Outlook().DiscountedIfAlive);

    private double WithinHorizon(double full)
    {
        double horizon = Rules.Policy.Value.HorizonYears;
        if (HorizonYears >= horizon)
            return full;
        double unitsPerYear = YearMs / Rules.UnitMs;
        double expected = Rules.Purchases.ExpectedPurchases(History, horizon * unitsPerYear);
        return expected > 0 ? full * Rules.Purchases.ExpectedPurchases(History, HorizonYears * unitsPerYear) / expected : 0;
    }

    private bool Has(SignalGroups groups) => (ahead & groups) == groups;

    private double DecayedProfitNow() =>
        state.DecayedProfit <= 0 ? state.DecayedProfit : state.DecayedProfit * Rules.ProfitDecay.NearlyOverMs(Math.Max(0, AtMs - state.AsOfMs));

    private PurchaseOutlook Outlook()
    {
        if (!HasPurchases)
            return default;
        return HasEnded ? new PurchaseOutlook(0, 1, 0) : Rules.Residual.Outlook(History, Rules.ChurnHorizon);
    }

    // Of nobody alive the cut horizon, which costs a series, is not asked.
    private double ResidualOf(in PurchaseOutlook outlook) =>
        outlook.Alive > 0 ? outlook.Alive * WithinHorizon(outlook.DiscountedIfAlive) * ExpectedSpend * MarginRate : 0;

    private double EffectiveHorizonYears()
    {
        double horizon = Rules.Policy.Value.HorizonYears;
        return IsEnding ? Math.Clamp((cold.Ending.EndMs - AtMs) / YearMs, 0, horizon) : horizon;
    }
}

/// <summary>Signals that several schemes go by, in groups that are computed together.</summary>
[Flags]
public enum SignalGroups : byte
{
    /// <summary>None: each is computed where it is asked for.</summary>
    None = 0,

    /// <summary><see cref="CustomerSignals.DecayedProfit"/>.</summary>
    DecayedProfit = 1,

    /// <summary><see cref="CustomerSignals.AliveProbability"/>, <see cref="CustomerSignals.ChurnRisk"/> and <see cref="CustomerSignals.ResidualValue"/>.</summary>
    Outlook = 2,

    /// <summary><see cref="CustomerSignals.Trend"/>.</summary>
    Trend = 4,

    /// <summary><see cref="PurchaseSignals.RfmFrequency"/>, and the trend, which goes by the same decay.</summary>
    Frequency = 8 | Trend,

    /// <summary>What the schemes with absolute bounds go by.</summary>
    Absolute = DecayedProfit | Outlook | Trend,

    /// <summary>What all schemes and the population go by.</summary>
    All = Absolute | Frequency,
}
