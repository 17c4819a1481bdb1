namespace StreamScorer.Scoring.Policy;

/// <summary>Constants of Ma Hongbing's relationship, loss and information value (2005) and of the retention decision.</summary>
public sealed record RelationshipPolicy
{
    /// <summary>Ma's own rate: that of a loan, 0 to 1. Apart from the discount rate, because the source discounts with what money costs.</summary>
    [PolicyRange(0, 1)]
    public double LoanRatePerYear { get; init; } = 0.06;

    /// <summary>Years N of returns that a relationship is credited with, 0.25 to 50.</summary>
    [PolicyRange(0.25, 50)]
    public double Years { get; init; } = 3;

    /// <summary>Goodwill damage x: what a lost customer costs beyond its own value, as a share of it, 0 to 10. The source's 0.15.</summary>
    [PolicyRange(0, 10)]
    public double GoodwillDamage { get; init; } = 0.15;

    /// <summary>Quality K of information, 0 to 1: the share of it that is right [own].</summary>
    [PolicyRange(0, 1)]
    public double InformationQuality { get; init; } = 0.8;

    /// <summary>Probability p that a collected point is ever used, 0 to 1 [own]. A used point has 1.</summary>
    [PolicyRange(0, 1)]
    public double InformationUseProbability { get; init; } = 0.2;

    /// <summary>Benefit B of a used point assumed where none was reported, currency units [own].</summary>
    [PolicyRange(0, 1e12)]
    public double InformationBenefit { get; init; } = 1;

    /// <summary>Share of the customers addressed that stay because of it, 0 to 1 [own].</summary>
    [PolicyRange(0, 1)]
    public double SaveRate { get; init; } = 0.3;

    /// <summary>Cost of an attempt to keep a customer, currency units [own].</summary>
    [PolicyRange(0, 1e12)]
    public double RetentionCost { get; init; } = 20;

    /// <summary>Least yearly cost of keeping a customer on the books, currency units: counted even where no cost was reported [own].</summary>
    [PolicyRange(0, 1e12)]
    public double CostToServeMinPerYear { get; init; } = 1;
}
