using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals;

/// <summary>What to do about a relationship.</summary>
public enum RetentionDecision : byte
{
    /// <summary>Go on as now.</summary>
    Maintain,

    /// <summary>An attempt to keep the customer is worth its cost.</summary>
    Save,

    /// <summary>The customer does not bring what serving it costs.</summary>
    Divest,
}

/// <summary>
/// Values of the relationship after Ma Hongbing (2005): kept, lost, and the value of information; whether to keep it. Where the text is lost or silent, what the
/// letters stand for is our reading. Currency units. A view like its source.
/// </summary>
public readonly ref struct RelationshipSignals
{
    private readonly CustomerSignals signals;

    internal RelationshipSignals(scoped in CustomerSignals signals) => this.signals = signals;

    private RelationshipPolicy Policy => signals.Rules.Policy.Relationship;

    private ref readonly CustomerState State => ref signals.State;

    /// <summary>P0: profit so far, before the cost of winning the customer.</summary>
    public double ProfitBeforeAcquisition => Money.ToDouble(Money.Add(State.Profit, signals.Cold.AcquisitionCost));

    /// <summary>C0: cost of winning the customer.</summary>
    public double AcquisitionCost => Money.ToDouble(signals.Cold.AcquisitionCost);

    /// <summary>R ann(N): yearly profit of going on as now at the end of each of N years (cut at an ending), discounted at the loan rate.</summary>
    public double FutureReturns
    {
        get
        {
            double years = signals.IsEnding ? Math.Min(Policy.Years, signals.HorizonYears) : Policy.Years;
            return signals.Values.ProfitPerYear * Annuity.YearEnd(Policy.LoanRatePerYear, years);
        }
    }

    /// <summary>(P0 - C0) + R ann(N).</summary>
    public double RelationshipValue => ProfitBeforeAcquisition - AcquisitionCost + FutureReturns;

    /// <summary>Whether the customer has paid back what winning it cost, and will bring more: P0 > C0 and R ann(N) > 0.</summary>
    public bool IsWorthKeeping => ProfitBeforeAcquisition > AcquisitionCost && FutureReturns > 0;

    /// <summary>Average profit per repeat purchase day; null for one-time buyers, who by the text are not yet customers.</summary>
    public double? SustainedValue =>
        State.PurchaseDays < 2 ? null : Money.ToDouble(Money.Add(State.Profit, -State.FirstDayProfit)) / (State.PurchaseDays - 1);

    /// <summary>What losing the customer costs: (relationship value + growth value, our reading of P1) x (1 + goodwill damage).</summary>
    public double LossValue => LossOf(RelationshipValue, signals.Values.GrowthValue, Policy.GoodwillDamage);

    /// <summary>K sum(p_i N_i) B - N2 C: benefit of information used, and of what may yet be used, less what collecting it cost.</summary>
    public double InformationValue => InformationValueOf(in signals);

    /// <summary>B: benefit of a used point, as reported; the policy's where none was.</summary>
    public double InformationBenefit => InformationBenefitOf(in signals);

    /// <summary>Our revenue a year over what the customer spends with anybody, in [0, 1]; null when that is unknown. Falls in silence.</summary>
    public double? CustomerShare
    {
        get
        {
            long wallet = signals.Cold.Wallet.AmountAYear;
            if (wallet <= 0)
                return null;
            double revenuePerYear = signals.HasPurchases ? signals.Purchases.Ticket / signals.Purchases.EffectiveCycleYears : 0;
            return Math.Clamp(revenuePerYear / Money.ToDouble(wallet), 0, 1);
        }
    }

    /// <summary>P(alive) x yearly profit before the cost to serve.</summary>
    public double ExpectedMarginPerYear
    {
        get
        {
            if (!signals.HasPurchases)
                return 0;
            double beforeServing = Money.ToDouble(Money.Add(State.Profit, signals.Cold.CostToServe)) / State.PurchaseDays;
            return signals.AliveProbability * beforeServing / signals.Purchases.CycleYears;
        }
    }

    /// <summary>Cost to serve a year over the customer's age of at least a year, and at least the policy's minimum.</summary>
    public double CostToServePerYear
    {
        get
        {
            double years = signals.HasPurchases ? Math.Max(1, signals.AgeDays / ScoringRules.DaysPerYear) : 1;
            return Math.Max(Policy.CostToServeMinPerYear, Money.ToDouble(signals.Cold.CostToServe) / years);
        }
    }

    /// <summary>
    /// Save when churn risk x loss value x save rate exceeds the cost of trying; else divest when the expected margin does not exceed the cost to serve; else
    /// maintain [rates and costs own]. After the end of the relationship nothing can be saved.
    /// </summary>
    public RetentionDecision RetentionDecision
    {
        get
        {
            bool canStay = signals.HasPurchases && !signals.HasEnded;
            if (canStay && signals.ChurnRisk * LossValue * Policy.SaveRate > Policy.RetentionCost)
                return RetentionDecision.Save;
            return ExpectedMarginPerYear <= CostToServePerYear ? RetentionDecision.Divest : RetentionDecision.Maintain;
        }
    }

    /// <inheritdoc cref="InformationValue"/>
    internal static double InformationValueOf(in CustomerSignals signals)
    {
        ref readonly InformationHistory i = ref signals.Cold.Information;
        RelationshipPolicy policy = signals.Rules.Policy.Relationship;
        double usable = i.PointsUsed + policy.InformationUseProbability * Math.Max(0, i.PointsCollected - i.PointsUsed);
        return policy.InformationQuality * usable * InformationBenefitOf(in signals) - Money.ToDouble(i.Cost);
    }

    private static double InformationBenefitOf(in CustomerSignals signals)
    {
        ref readonly InformationHistory i = ref signals.Cold.Information;
        return i.PointsUsed > 0 && i.Benefit > 0 ? Money.ToDouble(i.Benefit) / i.PointsUsed : signals.Rules.Policy.Relationship.InformationBenefit;
    }

    /// <summary>Loss value: (v + p1) (1 + x). Published: (3540 + 1150) x 1.15 = 5393.5.</summary>
    /// <param name="relationshipValue">v.</param>
    /// <param name="potential">p1: what the customer could bring on top.</param>
    /// <param name="goodwillDamage">x, as a share.</param>
    public static double LossOf(double relationshipValue, double potential, double goodwillDamage) => (relationshipValue + potential) * (1 + goodwillDamage);
}
