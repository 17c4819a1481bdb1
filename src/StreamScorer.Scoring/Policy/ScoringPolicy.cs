using System.Collections.Immutable;

namespace StreamScorer.Scoring.Policy;

/// <summary>
/// Every constant of every formula, as written in <c>config/scoring-policy.json</c>. The defaults here are the product's; the file may leave any key out.
/// Read by <see cref="PolicyFile"/>, checked by <see cref="PolicyValidation"/>.
/// </summary>
public sealed record ScoringPolicy
{
    /// <summary>Number of this policy; part of every transition. At least 1.</summary>
    [PolicyRange(1, 9e15)]
    public long Version { get; init; } = 1;

    /// <summary>IANA time zone whose days are purchase days.</summary>
    public string BusinessTimeZone { get; init; } = "UTC";

    /// <summary>Currency of all sums.</summary>
    public string BaseCurrency { get; init; } = "USD";

    /// <summary>Base-currency value of one unit of other currencies. Events in a currency not listed are rejected.</summary>
    public ImmutableSortedDictionary<string, decimal> Rates { get; init; } = ImmutableSortedDictionary<string, decimal>.Empty;

    /// <summary>Value formulas.</summary>
    public ValuePolicy Value { get; init; } = new();

    /// <summary>Purchase model.</summary>
    public ModelPolicy Model { get; init; } = new();

    /// <summary>Growth value.</summary>
    public GrowthPolicy Growth { get; init; } = new();

    /// <summary>Relationship, loss and information value, and the retention decision.</summary>
    public RelationshipPolicy Relationship { get; init; } = new();

    /// <summary>Degrees of satisfaction, loyalty, retention and response.</summary>
    public DegreesPolicy Degrees { get; init; } = new();

    /// <summary>Tier schemes.</summary>
    public SchemesPolicy Schemes { get; init; } = new();
}

/// <summary>Constants of the value formulas (design: scoring, section 3).</summary>
public sealed record ValuePolicy
{
    /// <summary>Yearly discount rate d, 0 to 1.</summary>
    [PolicyRange(0, 1)]
    public double DiscountRatePerYear { get; init; } = 0.10;

    /// <summary>Horizon H of the future, years, 0.25 to 50.</summary>
    [PolicyRange(0.25, 50)]
    public double HorizonYears { get; init; } = 3;

    /// <summary>Half-life of past profit, days.</summary>
    [PolicyRange(1, 36_500)]
    public double ProfitHalfLifeDays { get; init; } = 365;

    /// <summary>Half-life of the fast rate of the trend, days.</summary>
    [PolicyRange(1, 36_500)]
    public double FastHalfLifeDays { get; init; } = 60;

    /// <summary>Half-life of the slow rate, days; at least twice the fast one.</summary>
    [PolicyRange(2, 36_500)]
    public double SlowHalfLifeDays { get; init; } = 240;

    /// <summary>Purchase cycle c0 assumed before any is seen, years.</summary>
    [PolicyRange(0.0027, 50)]
    public double PriorCycleYears { get; init; } = 0.25;

    /// <summary>Weight w of that prior, in cycles.</summary>
    [PolicyRange(0.01, 1000)]
    public double PriorCycleWeight { get; init; } = 1;

    /// <summary>Profit per revenue assumed before anything is known, 0 to 1. 1 suits logs without costs: revenue then counts as profit.</summary>
    [PolicyRange(0, 1)]
    public double PriorMarginRate { get; init; } = 1;

    /// <summary>Weight of that prior, in currency units of revenue.</summary>
    [PolicyRange(0.01, 1e12)]
    public double PriorMarginWeight { get; init; } = 100;
}

/// <summary>MBG/CNBD-k and Gamma-Gamma parameters (design: models; <c>fit</c> estimates them).</summary>
public sealed record ModelPolicy
{
    /// <summary>Length of the model's unit of time, days. 7 = weeks.</summary>
    [PolicyRange(1, 366)]
    public double UnitDays { get; init; } = 7;

    /// <summary>Regularity k of purchases, 1 to 4.</summary>
    [PolicyRange(1, 4)]
    public int K { get; init; } = 1;

    /// <summary>Shape of the purchase rates.</summary>
    [PolicyRange(1e-6, 2e5)]
    public double R { get; init; } = 0.525;

    /// <summary>Scale of the purchase rates, units.</summary>
    [PolicyRange(1e-6, 2e5)]
    public double Alpha { get; init; } = 6.183;

    /// <summary>First shape of the drop-out probability.</summary>
    [PolicyRange(1e-6, 2e5)]
    public double A { get; init; } = 0.891;

    /// <summary>Second shape of the drop-out probability.</summary>
    [PolicyRange(1e-6, 2e5)]
    public double B { get; init; } = 1.614;

    /// <summary>Gamma-Gamma shape of the spend of one purchase day.</summary>
    [PolicyRange(1e-6, 2e5)]
    public double SpendP { get; init; } = 6.25;

    /// <summary>Gamma-Gamma shape across customers; above 1, else the mean is infinite.</summary>
    [PolicyRange(1.000001, 2e5)]
    public double SpendQ { get; init; } = 3.74;

    /// <summary>Gamma-Gamma scale across customers, currency units.</summary>
    [PolicyRange(1e-6, 1e9)]
    public double SpendV { get; init; } = 15.44;

    /// <summary>Churn risk is the probability of no purchase in this time, days.</summary>
    [PolicyRange(1, 3650)]
    public double ChurnHorizonDays { get; init; } = 182;
}
