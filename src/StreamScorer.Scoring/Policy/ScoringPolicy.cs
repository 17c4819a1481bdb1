using System.Collections.Immutable;

namespace StreamScorer.Scoring.Policy;

/// <summary>
/// Every constant of every formula, as written in <c>config/scoring-policy.json</c>. The defaults here are the product's; the file may leave any key out.
/// Read by <see cref="PolicyFile"/>, checked by <see cref="PolicyValidation"/>.
/// </summary>
public sealed record ScoringPolicy
{
    /// <summary>Number of this policy; part of every transition. At least 1.</summary>
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
    public double DiscountRatePerYear { get; init; } = 0.10;

    /// <summary>Horizon H of the future, years, 0.25 to 50.</summary>
    public double HorizonYears { get; init; } = 3;

    /// <summary>Half-life of past profit, days.</summary>
    public double ProfitHalfLifeDays { get; init; } = 365;

    /// <summary>Half-life of the fast rate of the trend, days.</summary>
    public double FastHalfLifeDays { get; init; } = 60;

    /// <summary>Half-life of the slow rate, days; at least twice the fast one.</summary>
    public double SlowHalfLifeDays { get; init; } = 240;

    /// <summary>Purchase cycle c0 assumed before any is seen, years.</summary>
    public double PriorCycleYears { get; init; } = 0.25;

    /// <summary>Weight w of that prior, in cycles.</summary>
    public double PriorCycleWeight { get; init; } = 1;

    /// <summary>Profit per revenue assumed before anything is known, 0 to 1. 1 suits logs without costs: revenue then counts as profit.</summary>
    public double PriorMarginRate { get; init; } = 1;

    /// <summary>Weight of that prior, in currency units of revenue.</summary>
    public double PriorMarginWeight { get; init; } = 100;
}

/// <summary>MBG/CNBD-k and Gamma-Gamma parameters (design: models; <c>fit</c> estimates them).</summary>
public sealed record ModelPolicy
{
    /// <summary>Length of the model's unit of time, days. 7 = weeks.</summary>
    public double UnitDays { get; init; } = 7;

    /// <summary>Regularity k of purchases, 1 to 4.</summary>
    public int K { get; init; } = 1;

    /// <summary>Shape of the purchase rates.</summary>
    public double R { get; init; } = 0.525;

    /// <summary>Scale of the purchase rates, units.</summary>
    public double Alpha { get; init; } = 6.183;

    /// <summary>First shape of the drop-out probability.</summary>
    public double A { get; init; } = 0.891;

    /// <summary>Second shape of the drop-out probability.</summary>
    public double B { get; init; } = 1.614;

    /// <summary>Gamma-Gamma shape of the spend of one purchase day.</summary>
    public double SpendP { get; init; } = 6.25;

    /// <summary>Gamma-Gamma shape across customers; above 1, else the mean is infinite.</summary>
    public double SpendQ { get; init; } = 3.74;

    /// <summary>Gamma-Gamma scale across customers, currency units.</summary>
    public double SpendV { get; init; } = 15.44;

    /// <summary>Churn risk is the probability of no purchase in this time, days.</summary>
    public double ChurnHorizonDays { get; init; } = 182;
}

/// <summary>Which schemes run, and their bounds.</summary>
public sealed record SchemesPolicy
{
    /// <summary>Scheme of the badge that agents see.</summary>
    public string Badge { get; init; } = "pyramid";

    /// <summary>Customers below which relative schemes say unranked.</summary>
    public int MinPopulation { get; init; } = 100;

    /// <summary>Rank by value.</summary>
    public PyramidPolicy Pyramid { get; init; } = new();

    /// <summary>Bounds on value in money.</summary>
    public AbsolutePolicy Absolute { get; init; } = new();

    /// <summary>Bounds on churn risk.</summary>
    public ChurnPolicy Churn { get; init; } = new();

    /// <summary>Stage of the relationship.</summary>
    public LifecyclePolicy Lifecycle { get; init; } = new();
}

/// <summary>Customer pyramid (Zeithaml, Rust and Lemon 2002).</summary>
public sealed record PyramidPolicy
{
    /// <summary>Whether the scheme runs.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Cumulated shares of customers in platinum, gold and iron; the rest is lead.</summary>
    public ImmutableArray<double> TopShares { get; init; } = [0.01, 0.05, 0.20];

    /// <summary>A customer leaves the band when ranked behind the share times this, at least 1.</summary>
    public double RankBand { get; init; } = 1.1;

    /// <summary>Days out of the band before a drop, 0 to 3,650.</summary>
    public double GraceDays { get; init; } = 28;
}

/// <summary>The usual loyalty programme: absolute bounds on customer value.</summary>
public sealed record AbsolutePolicy
{
    /// <summary>Whether the scheme runs.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Least customer value of platinum, gold and silver, falling, currency units; below the last is bronze.</summary>
    public ImmutableArray<double> Bounds { get; init; } = [1000, 250, 50];

    /// <summary>Width of the band below a bound, as a share of it.</summary>
    public double BandShare { get; init; } = 0.10;

    /// <summary>Least width of the band, currency units.</summary>
    public double BandMinimum { get; init; } = 1;

    /// <summary>Days out of the band before a drop, 0 to 3,650.</summary>
    public double GraceDays { get; init; } = 28;
}

/// <summary>Bounds on the probability of no purchase within the churn horizon.</summary>
public sealed record ChurnPolicy
{
    /// <summary>Whether the scheme runs.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Greatest churn risk of low and medium, rising, 0 to 1; above the last is high.</summary>
    public ImmutableArray<double> Bounds { get; init; } = [0.50, 0.80];

    /// <summary>Width of the band above a bound, as a share of it.</summary>
    public double BandShare { get; init; } = 0.02;

    /// <summary>Days out of the band before a drop.</summary>
    public double GraceDays { get; init; }
}

/// <summary>Stages of the relationship (design: scoring, section 6).</summary>
public sealed record LifecyclePolicy
{
    /// <summary>Whether the scheme runs.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Purchase days up to which a customer is in acquisition.</summary>
    public int NewPurchaseDays { get; init; } = 2;

    /// <summary>P(alive) below which a customer is in decline (theta1).</summary>
    public double DeclineAliveBelow { get; init; } = 0.50;

    /// <summary>P(alive) below which a customer has exited (theta2).</summary>
    public double ExitedAliveBelow { get; init; } = 0.30;

    /// <summary>Growth above 1 + this trend, decline below 1 - this.</summary>
    public double TrendMargin { get; init; } = 0.25;

    /// <summary>A held stage stays until the trend is this far outside of it.</summary>
    public double TrendBand { get; init; } = 0.05;

    /// <summary>Days after the first purchase before a negative value is called harmful.</summary>
    public double FirstPeriodDays { get; init; } = 365;
}
