using System.Collections.Immutable;

namespace StreamScorer.Scoring.Policy;

/// <summary>Which tier schemes run, and their bounds (design: scoring, section 6). Each default says why it is what it is.</summary>
public sealed record SchemesPolicy
{
    /// <summary>Scheme of the badge that agents see. The pyramid, because it needs no bounds in money and so suits a shop of any size.</summary>
    public string Badge { get; init; } = "pyramid";

    /// <summary>Customers below which relative schemes say unranked. 100: the pyramid's top tier is one in a hundred.</summary>
    [PolicyRange(1, int.MaxValue)]
    public int MinPopulation { get; init; } = 100;

    /// <summary>Rank by value.</summary>
    public PyramidPolicy Pyramid { get; init; } = new();

    /// <summary>Bounds on value in money.</summary>
    public AbsolutePolicy Absolute { get; init; } = new();

    /// <summary>Current and growth value against the population's means.</summary>
    public RelativeValuePolicy RelativeValue { get; init; } = new();

    /// <summary>Current and growth value against bounds in money.</summary>
    public ValueGrowthPolicy ValueGrowth { get; init; } = new();

    /// <summary>Purchase cycle by ticket.</summary>
    public CycleTicketPolicy CycleTicket { get; init; } = new();

    /// <summary>Value by responsiveness.</summary>
    public ValueResponsePolicy ValueResponse { get; init; } = new();

    /// <summary>Decayed profit by behavioural loyalty.</summary>
    public ValueLoyaltyPolicy ValueLoyalty { get; init; } = new();

    /// <summary>Direct by indirect function.</summary>
    public FunctionPolicy Function { get; init; } = new();

    /// <summary>Recency, frequency, monetary.</summary>
    public RfmPolicy Rfm { get; init; } = new();

    /// <summary>The few who bring most.</summary>
    public ParetoPolicy Pareto { get; init; } = new();

    /// <summary>Bounds on churn risk.</summary>
    public ChurnPolicy Churn { get; init; } = new();

    /// <summary>Stage of the relationship.</summary>
    public LifecyclePolicy Lifecycle { get; init; } = new();
}

/// <summary>What every scheme with bounds has.</summary>
public abstract record TierSchemePolicy
{
    /// <summary>Whether the scheme runs. All do: reading a scheme that nobody needs costs little, and one that never ran has no history.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Days out of the band before a drop. 28: on two real logs a band of 10 % with four weeks took 60 to 70 % of the A-B-A flaps away, and a customer still
    /// gets to know of a drop within a month.
    /// </summary>
    [PolicyRange(0, 3650)]
    public double GraceDays { get; init; } = 28;

    /// <summary>Whether a drop leads one step down at most, each step with a grace of its own. Off: a tier should say what is, not what was.</summary>
    public bool OneTierAtATime { get; init; }
}

/// <summary>Bound and band of one axis of a matrix, in the axis's own unit.</summary>
public sealed record AxisPolicy
{
    /// <summary>Least value of the high half.</summary>
    [PolicyRange(-1e12, 1e12)]
    public double HighFrom { get; init; }

    /// <summary>Width of the band below the bound, as a share of its magnitude. 0.10: the width measured on two real logs.</summary>
    [PolicyRange(0, 0.9)]
    public double BandShare { get; init; } = 0.10;

    /// <summary>Least width of the band, in the axis's unit: a share of a bound near zero would be no band at all.</summary>
    [PolicyRange(0, 1e12)]
    public double BandMinimum { get; init; }
}

/// <summary>Customer pyramid (Zeithaml, Rust and Lemon 2002).</summary>
public sealed record PyramidPolicy : TierSchemePolicy
{
    /// <summary>Cumulated shares of customers in platinum, gold and iron; the rest is lead. The sources' top 1 %, next 4 %, next 15 %, other 80 %.</summary>
    [PolicyList(3, ListOrder.Rising)]
    [PolicyRange(0, 1)]
    public ImmutableArray<double> TopShares { get; init; } = [0.01, 0.05, 0.20];

    /// <summary>A customer leaves the band when ranked behind the share times this. 1.1: the band of 10 % in terms of rank.</summary>
    [PolicyRange(1, 2)]
    public double RankBand { get; init; } = 1.1;
}

/// <summary>The usual loyalty programme: absolute bounds on customer value.</summary>
public sealed record AbsolutePolicy : TierSchemePolicy
{
    /// <summary>
    /// Least customer value of platinum, gold and silver, falling, currency units; below the last is bronze. Round sums that part a shop with tickets of 20
    /// to 100; every business sets its own.
    /// </summary>
    [PolicyList(3, ListOrder.Falling)]
    [PolicyRange(-1e12, 1e12)]
    public ImmutableArray<double> Bounds { get; init; } = [1000, 250, 50];

    /// <summary>Width of the band below a bound, as a share of it. 0.10: the width measured on two real logs.</summary>
    [PolicyRange(0, 0.9)]
    public double BandShare { get; init; } = 0.10;

    /// <summary>Least width of the band, currency units. 1: below it is small change.</summary>
    [PolicyRange(0, 1e12)]
    public double BandMinimum { get; init; } = 1;
}

/// <summary>Relative-value matrix (2003 paper on segmentation theory): bounds are the population's means.</summary>
public sealed record RelativeValuePolicy : TierSchemePolicy
{
    /// <summary>Width of the bands below the means, as a share of them. 0.10: the width measured on two real logs.</summary>
    [PolicyRange(0, 0.9)]
    public double BandShare { get; init; } = 0.10;

    /// <summary>Least width of the bands, currency units. 1: below it is small change, and a mean near zero needs a band too.</summary>
    [PolicyRange(0, 1e12)]
    public double BandMinimum { get; init; } = 1;
}

/// <summary>Current value by growth potential (Chen Mingliang 2002).</summary>
public sealed record ValueGrowthPolicy : TierSchemePolicy
{
    /// <summary>Bound of the current value, currency units. 250: the gold bound of <see cref="AbsolutePolicy"/>.</summary>
    public AxisPolicy Current { get; init; } = new() { HighFrom = 250, BandMinimum = 1 };

    /// <summary>Bound of the growth value, currency units. 100: growth worth two silver bounds of <see cref="AbsolutePolicy"/>.</summary>
    public AxisPolicy Growth { get; init; } = new() { HighFrom = 100, BandMinimum = 1 };

    /// <summary>
    /// A low-value customer with a margin rate below this counts as price-sensitive. 0.10: a tenth of the price is what small retail lives on; who leaves
    /// less buys by price.
    /// </summary>
    [PolicyRange(0, 1)]
    public double PriceSensitiveMarginBelow { get; init; } = 0.10;
}

/// <summary>Where the cuts of the cycle x ticket table come from.</summary>
public enum CycleTicketCuts
{
    /// <summary>From the policy.</summary>
    Absolute,

    /// <summary>The population's terciles.</summary>
    Terciles,
}

/// <summary>Average purchase cycle by average ticket.</summary>
public sealed record CycleTicketPolicy : TierSchemePolicy
{
    /// <summary>Absolute cuts or terciles. Absolute: a customer's tier then changes by what the customer does alone.</summary>
    public CycleTicketCuts Cuts { get; init; } = CycleTicketCuts.Absolute;

    /// <summary>Greatest effective cycle of short and medium, rising, days. 45 and 135: half and one and a half times the prior cycle of a quarter.</summary>
    [PolicyList(2, ListOrder.Rising)]
    [PolicyRange(0.01, 36_500)]
    public ImmutableArray<double> CycleDays { get; init; } = [45, 135];

    /// <summary>Least ticket of large and medium, falling, currency units. Half and one and a half times a ticket of 40, a usual one.</summary>
    [PolicyList(2, ListOrder.Falling)]
    [PolicyRange(0, 1e12)]
    public ImmutableArray<double> Tickets { get; init; } = [60, 20];

    /// <summary>Width of both bands as a share of the bound. 0.10: the width measured on two real logs.</summary>
    [PolicyRange(0, 0.9)]
    public double BandShare { get; init; } = 0.10;

    /// <summary>Purchase days below which a customer is unranked. 2: one purchase has no cycle.</summary>
    [PolicyRange(2, 1000)]
    public int MinPurchaseDays { get; init; } = 2;
}

/// <summary>Customer value by responsiveness.</summary>
public sealed record ValueResponsePolicy : TierSchemePolicy
{
    /// <summary>Bound of the customer value, currency units. 250: the gold bound of <see cref="AbsolutePolicy"/>.</summary>
    public AxisPolicy Value { get; init; } = new() { HighFrom = 250, BandMinimum = 1 };

    /// <summary>Bound of the response degree, 0 to 1. 0.3: well above what campaigns usually get, so that an answer means something.</summary>
    public AxisPolicy Response { get; init; } = new() { HighFrom = 0.3, BandMinimum = 0.02 };
}

/// <summary>Decayed profit (the source's current cash flow) by behavioural loyalty.</summary>
public sealed record ValueLoyaltyPolicy : TierSchemePolicy
{
    /// <summary>Bound of the decayed profit, currency units. 100: what two silver customers of <see cref="AbsolutePolicy"/> are worth.</summary>
    public AxisPolicy Value { get; init; } = new() { HighFrom = 100, BandMinimum = 1 };

    /// <summary>Bound of the loyalty behaviour, 0 to 1. 0.5: the middle of the scale.</summary>
    public AxisPolicy Loyalty { get; init; } = new() { HighFrom = 0.5, BandMinimum = 0.02 };

    /// <summary>
    /// A customer whose loyalty conversion (behaviour less attitude) is below this means well and does not buy. -0.2: a fifth of the scale, more than the
    /// priors of a customer without any rating make.
    /// </summary>
    [PolicyRange(-1, 0)]
    public double UnfulfilledConversionBelow { get; init; } = -0.2;
}

/// <summary>Direct by indirect function of a customer.</summary>
public sealed record FunctionPolicy : TierSchemePolicy
{
    /// <summary>Bound of the direct function value, currency units. 100: as the value axis of <see cref="ValueLoyaltyPolicy"/>.</summary>
    public AxisPolicy Direct { get; init; } = new() { HighFrom = 100, BandMinimum = 1 };

    /// <summary>Bound of the indirect function value, currency units. 50: one new customer at the silver bound of <see cref="AbsolutePolicy"/>.</summary>
    public AxisPolicy Indirect { get; init; } = new() { HighFrom = 50, BandMinimum = 1 };
}

/// <summary>Recency, frequency and monetary value by the population's quintiles; the named cells are ours.</summary>
public sealed record RfmPolicy : TierSchemePolicy
{
    /// <summary>A customer leaves the band of a quintile when ranked behind its share times this. 1.1: the band of 10 % in terms of rank.</summary>
    [PolicyRange(1, 2)]
    public double RankBand { get; init; } = 1.1;
}

/// <summary>The vital few (Pareto's law).</summary>
public sealed record ParetoPolicy : TierSchemePolicy
{
    /// <summary>Share of the total transaction amount that the vital few bring together. 0.8: the law's own figure.</summary>
    [PolicyRange(0.01, 0.99)]
    public double ShareOfTotal { get; init; } = 0.8;

    /// <summary>A customer leaves the band when behind the share times this. 1.1: the band of 10 % in terms of share.</summary>
    [PolicyRange(1, 2)]
    public double ShareBand { get; init; } = 1.1;
}

/// <summary>Bounds on the probability of no purchase within the churn horizon.</summary>
public sealed record ChurnPolicy : TierSchemePolicy
{
    /// <summary>No grace unless set: a warning that comes a month late warns of nothing.</summary>
    public ChurnPolicy() => GraceDays = 0;

    /// <summary>Greatest churn risk of low and medium, rising, 0 to 1; above the last is high. More likely than not to stay, and one in five to stay [own].</summary>
    [PolicyList(2, ListOrder.Rising)]
    [PolicyRange(0, 1)]
    public ImmutableArray<double> Bounds { get; init; } = [0.50, 0.80];

    /// <summary>Width of the band above a bound, as a share of it. 0.02: risk moves steadily, so a narrow band is enough.</summary>
    [PolicyRange(0, 0.2)]
    public double BandShare { get; init; } = 0.02;
}

/// <summary>Stages of the relationship.</summary>
public sealed record LifecyclePolicy
{
    /// <summary>Whether the scheme runs.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Purchase days up to which a customer is in acquisition. 2: a trend needs three.</summary>
    [PolicyRange(1, 1000)]
    public int NewPurchaseDays { get; init; } = 2;

    /// <summary>P(alive) below which a customer is in decline (theta1). 0.50: more likely gone than not.</summary>
    [PolicyRange(0, 1)]
    public double DeclineAliveBelow { get; init; } = 0.50;

    /// <summary>P(alive) below which a customer has exited (theta2). 0.30: low enough that few come back [own].</summary>
    [PolicyRange(0, 1)]
    public double ExitedAliveBelow { get; init; } = 0.30;

    /// <summary>Growth above 1 + this trend, decline below 1 - this. 0.25: a quarter more or less is what noise in a dozen purchases does not make.</summary>
    [PolicyRange(0.01, 0.99)]
    public double TrendMargin { get; init; } = 0.25;

    /// <summary>A held stage stays until the trend is this far outside of it. 0.05: a fifth of the margin.</summary>
    [PolicyRange(0, 0.99)]
    public double TrendBand { get; init; } = 0.05;

    /// <summary>Days after the first purchase before a negative value is called harmful. 365: winning a customer may cost more than the first year brings.</summary>
    [PolicyRange(0, 36_500)]
    public double FirstPeriodDays { get; init; } = 365;

    /// <summary>
    /// Satisfaction degree below which a harmful customer is a problem customer and a decline has an internal cause. 0.25: below a rating of 2 of 5.
    /// </summary>
    [PolicyRange(0, 1)]
    public double DissatisfiedBelow { get; init; } = 0.25;
}
