namespace StreamScorer.Worker.Populations;

/// <summary>The population at a glance. Money in base currency.</summary>
public sealed record PopulationReport
{
    /// <summary>ISO 4217 code of all money here.</summary>
    public required string Currency { get; init; }

    /// <summary>Known customers.</summary>
    public required long Customers { get; init; }

    /// <summary>Events applied so far.</summary>
    public required long Applied { get; init; }

    /// <summary>Newest partition clock, or null before the first event.</summary>
    public required DateTime? Clock { get; init; }

    /// <summary>Customers by tier, best first, by scheme.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Schemes { get; init; }

    /// <summary>The scheme that badges show.</summary>
    public required string BadgeScheme { get; init; }

    /// <summary>Customers and value by tier, best first, by scheme.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<TierShare>> Tiers { get; init; }

    /// <summary>How customer value is spread over those who bought.</summary>
    public required ValueDistribution Value { get; init; }

    /// <summary>How current value is.</summary>
    public required ValueDistribution CurrentValue { get; init; }
}

/// <summary>One tier's part of the population.</summary>
/// <param name="Tier">Name.</param>
/// <param name="Customers">Holders.</param>
/// <param name="CustomerShare">Their share of all customers, 0..1.</param>
/// <param name="Value">Their customer value together.</param>
/// <param name="ValueShare">Its positive parts as a share of all positive value, 0..1.</param>
public sealed record TierShare(string Tier, long Customers, double CustomerShare, double Value, double ValueShare);
