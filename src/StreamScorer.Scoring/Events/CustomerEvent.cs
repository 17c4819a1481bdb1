namespace StreamScorer.Scoring.Events;

/// <summary>
/// One decoded event. A view over the record's bytes: valid only while those are. Money is in <see cref="Money"/> units.
/// </summary>
public ref struct CustomerEvent
{
    /// <summary>What happened.</summary>
    public EventType Type;

    /// <summary>UTF-8 customer id, 1 to 256 bytes; empty for a clock event.</summary>
    public ReadOnlySpan<byte> CustomerId;

    /// <summary>UTF-8 event id, 1 to 256 bytes; empty for clock events and tombstones.</summary>
    public ReadOnlySpan<byte> EventId;

    /// <summary>Hash of customer id and event id; identifies repeats.</summary>
    public ulong EventIdHash;

    /// <summary>When it happened, unix milliseconds.</summary>
    public long TimeMs;

    /// <summary>Purchase, refund, cost, default or wallet amount in base currency; never negative.</summary>
    public long Amount;

    /// <summary>Cost of the goods of a purchase, or cost returned by a refund, in base currency; never negative.</summary>
    public long Cost;

    /// <summary>Hash of the product category, or 0 for none.</summary>
    public ulong CategoryHash;
}
