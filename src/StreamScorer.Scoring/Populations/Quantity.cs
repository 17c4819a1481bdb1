namespace StreamScorer.Scoring.Populations;

/// <summary>What is measured of every buyer for relative tiers and the population report. The numbers are stored in sketches: never change or re-use one.</summary>
public enum Quantity : byte
{
    /// <summary>Customer value, currency units: the pyramid.</summary>
    CustomerValue = 0,

    /// <summary>Current value, currency units: the relative-value matrix.</summary>
    CurrentValue = 1,

    /// <summary>Uncapped growth value, currency units: the relative-value matrix.</summary>
    GrowthValue = 2,

    /// <summary>Revenue less refunds, currency units: Pareto.</summary>
    Revenue = 3,

    /// <summary>Day of the last purchase, not the time since, so that nothing moves while everybody is silent: recency of rfm.</summary>
    LastPurchaseDay = 4,

    /// <summary>Purchases of the rfm period, a decayed and so a fractional count: frequency.</summary>
    Frequency = 5,

    /// <summary>Spend of the rfm period, currency units: monetary value.</summary>
    Monetary = 6,

    /// <summary>Effective purchase cycle, days, of customers with more than one purchase day: terciles of cycle-ticket.</summary>
    CycleDays = 7,

    /// <summary>Average ticket, currency units: terciles of cycle-ticket.</summary>
    Ticket = 8,

    /// <summary>Historical plus residual value, currency units: the total that a contribution share is a share of.</summary>
    Contribution = 9,
}

/// <summary>What follows from <see cref="Quantity"/>.</summary>
public static class Quantities
{
    /// <summary>Number of quantities.</summary>
    public const int Count = 10;

    /// <summary>Of amounts, counts and times: of all quantities but <see cref="Quantity.LastPurchaseDay"/>.</summary>
    internal static readonly LogScale Relative = new(0.01);

    /// <summary>Of days.</summary>
    internal static readonly WholeScale Calendar = new(12_000);

    private static readonly BucketScale[] scales = [Relative, Relative, Relative, Relative, Calendar, Relative, Relative, Relative, Relative, Relative];

    /// <summary>The buckets of a quantity.</summary>
    public static BucketScale ScaleOf(Quantity quantity) => scales[(int)quantity];
}
