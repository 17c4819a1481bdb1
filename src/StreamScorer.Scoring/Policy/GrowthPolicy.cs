namespace StreamScorer.Scoring.Policy;

/// <summary>Constants of growth value: what could come on top of going on as now (design: scoring, section 3).</summary>
public sealed record GrowthPolicy
{
    /// <summary>Greatest part of the trend above 1 that counts, 0 to 10. 2 = a customer whose trade triples; beyond it the trend is mostly noise.</summary>
    [PolicyRange(0, 10)]
    public double TrendGainMax { get; init; } = 2;

    /// <summary>Weight k_cross of cross-selling, 0 to 10: share of the yearly profit that one new category per purchase day adds [own].</summary>
    [PolicyRange(0, 10)]
    public double CrossSellWeight { get; init; } = 0.5;

    /// <summary>Product categories on offer, C, 1 to 64: one bit each in the customer's record.</summary>
    [PolicyRange(1, 64)]
    public int Categories { get; init; } = 10;

    /// <summary>New categories per repeat purchase day assumed before any is seen [own].</summary>
    [PolicyRange(0, 10)]
    public double PriorNewCategories { get; init; } = 0.1;

    /// <summary>Weight of that prior, purchase days.</summary>
    [PolicyRange(0.01, 1000)]
    public double PriorNewCategoriesWeight { get; init; } = 5;

    /// <summary>Mean residual value of a new customer, currency units: take it from the population report [own default].</summary>
    [PolicyRange(0, 1e12)]
    public double NewCustomerValue { get; init; } = 100;

    /// <summary>Mean cost of winning a customer without a referral, currency units [own default].</summary>
    [PolicyRange(0, 1e12)]
    public double NewCustomerCost { get; init; } = 20;
}
