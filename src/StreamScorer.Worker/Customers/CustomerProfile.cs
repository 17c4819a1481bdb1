using StreamScorer.Scoring.Strategies;

namespace StreamScorer.Worker.Customers;

/// <summary>One customer as scored at one instant, for people and programs. Money in base currency, times in UTC.</summary>
public sealed record CustomerProfile
{
    /// <summary>Who.</summary>
    public required string CustomerId { get; init; }

    /// <summary>The instant that everything here stands for.</summary>
    public required DateTime AsOf { get; init; }

    /// <summary>ISO 4217 code of all money here.</summary>
    public required string Currency { get; init; }

    /// <summary>The scheme that a badge shows.</summary>
    public required string BadgeScheme { get; init; }

    /// <summary>Held tier by scheme.</summary>
    public required IReadOnlyDictionary<string, HeldTier> Tiers { get; init; }

    /// <summary>Stage of the relationship.</summary>
    public required string Stage { get; init; }

    /// <summary>What is true of the customer beside its tiers, such as <c>declining</c>.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>What to do now, for the held tier of the badge scheme, the stage and the flags.</summary>
    public required ProfileStrategy Strategy { get; init; }

    /// <summary>The drop that waits, of the badge scheme before all others, then the soonest; null when none does.</summary>
    public PendingDrop? PendingDrop { get; init; }

    /// <summary>Values and risks.</summary>
    public required ProfileSignals Signals { get; init; }

    /// <summary>What the customer has done.</summary>
    public required ProfileHistory History { get; init; }

    /// <summary>What will happen next if the customer stays silent; null when nothing will.</summary>
    public NextChange? NextChange { get; init; }

    /// <summary>
    /// What silence does to the tier on the badge where its bounds come from the population, as if they stayed as they are; null when it does nothing, or when
    /// the badge's bounds are fixed and <see cref="NextChange"/> knows it exactly.
    /// </summary>
    public ProfileFall? FallAtCurrentBounds { get; init; }

    /// <summary>Every signal with its inputs and arithmetic, where that was asked for; else null.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ExplainedSignal>? Explanation { get; init; }
}

/// <summary>How one signal came about.</summary>
/// <param name="Name">Name of the signal.</param>
/// <param name="ChineseName">Its Chinese term.</param>
/// <param name="Value">Its value; null when it is not defined for this customer, or is a word.</param>
/// <param name="Word">Its value where that is a word.</param>
/// <param name="Unit">Unit of the value.</param>
/// <param name="Arithmetic">The formula with the inputs' values.</param>
public sealed record ExplainedSignal(string Name, string ChineseName, double? Value, string? Word, string Unit, string Arithmetic);

/// <summary>A strategy for people.</summary>
/// <param name="Id">Id, the one that transitions carry.</param>
/// <param name="Advice">What to do, in English and Chinese, each with the key of its source.</param>
public sealed record ProfileStrategy(string Id, IReadOnlyList<Advice> Advice);

/// <summary>A fall as it would come if the bounds of the population stayed as they are.</summary>
/// <param name="Scheme">Scheme.</param>
/// <param name="From">Tier held.</param>
/// <param name="To">Tier after.</param>
/// <param name="At">When, grace included; to the hour.</param>
public sealed record ProfileFall(string Scheme, string From, string To, DateTime At);

/// <summary>A drop that waits for the end of its grace.</summary>
/// <param name="Scheme">Scheme.</param>
/// <param name="Tier">The tier held meanwhile.</param>
/// <param name="At">When it happens unless averted.</param>
public sealed record PendingDrop(string Scheme, string Tier, DateTime At);

/// <summary>A tier and since when it is held.</summary>
/// <param name="Tier">Name, or <c>unranked</c>.</param>
/// <param name="Since">Business day of the change that led to it; null before the first.</param>
/// <param name="DropAt">While a drop waits: when it happens unless averted.</param>
public sealed record HeldTier(string Tier, DateOnly? Since, DateTime? DropAt);

/// <summary>The signals of a profile.</summary>
/// <param name="CustomerValue">Past and expected future in one figure; what tiers are made from.</param>
/// <param name="DecayedProfit">Its past part.</param>
/// <param name="ResidualValue">Its future part.</param>
/// <param name="CurrentValue">Present value of going on as now.</param>
/// <param name="HistoricalValue">All profit so far, with interest.</param>
/// <param name="AliveProbability">Probability that the customer still buys at all, 0..1.</param>
/// <param name="ChurnRisk">Probability of no purchase within the churn horizon, 0..1.</param>
/// <param name="Trend">Recent over longer profit rate; above 1 is growing.</param>
/// <param name="CycleDays">Average purchase cycle, days.</param>
public sealed record ProfileSignals(
    double CustomerValue,
    double DecayedProfit,
    double ResidualValue,
    double CurrentValue,
    double HistoricalValue,
    double AliveProbability,
    double ChurnRisk,
    double Trend,
    double CycleDays);

/// <summary>The history of a profile.</summary>
/// <param name="Purchases">Number of purchases.</param>
/// <param name="PurchaseDays">Days with a purchase.</param>
/// <param name="FirstPurchase">First one, or null.</param>
/// <param name="LastPurchase">Last one, or null.</param>
/// <param name="Revenue">Sum of purchases.</param>
/// <param name="Refunds">Sum of refunds.</param>
/// <param name="NetRevenue">Revenue less refunds.</param>
/// <param name="Cost">Costs.</param>
public sealed record ProfileHistory(
    int Purchases,
    int PurchaseDays,
    DateTime? FirstPurchase,
    DateTime? LastPurchase,
    decimal Revenue,
    decimal Refunds,
    decimal NetRevenue,
    decimal Cost);

/// <summary>A change that silence brings.</summary>
public sealed record NextChange(string Scheme, string From, string To, DateTime At);
