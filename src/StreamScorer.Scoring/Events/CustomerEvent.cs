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

    /// <summary>
    /// Cost of the goods of a purchase, cost returned by a refund, cost of information, or the customer's own cost in a satisfaction event; in base currency,
    /// never negative.
    /// </summary>
    public long Cost;

    /// <summary>Hash of the product category, or 0 for none.</summary>
    public ulong CategoryHash;

    /// <summary>UTF-8 place of a purchase; empty for none.</summary>
    public ReadOnlySpan<byte> Place;

    /// <summary>UTF-8 channel of a purchase; empty for none.</summary>
    public ReadOnlySpan<byte> Channel;

    /// <summary><see cref="EventIdHash"/> of the purchase that a refund takes back, or 0 for none.</summary>
    public ulong RefundOfHash;

    /// <summary>What a cost was for.</summary>
    public CostReason CostReason;

    /// <summary>Rating of a satisfaction event, 1 to 5.</summary>
    public double Rating;

    /// <summary>Number of the rated factor among the policy's, from 1; 0 for none.</summary>
    public int Factor;

    /// <summary>When in the sale the customer was asked.</summary>
    public SalePhase Phase;

    /// <summary>What the customer says it gained, in base currency; never negative.</summary>
    public long Gain;

    /// <summary>Severity of a complaint, 1 to 3.</summary>
    public int Severity;

    /// <summary>Whether the complaint was resolved.</summary>
    public bool Resolved;

    /// <summary>Whether a referral names the customer that it brought.</summary>
    public bool IsAttributed;

    /// <summary>What was done with information.</summary>
    public InformationAction Information;

    /// <summary>Information points collected or used, at least 1.</summary>
    public int Points;

    /// <summary>What the use of information brought, in base currency; never negative.</summary>
    public long Benefit;

    /// <summary>Whether a defection names the competitor.</summary>
    public bool IsCompetitorKnown;

    /// <summary>Whether somebody induced the defection.</summary>
    public bool IsInduced;

    /// <summary>Why the relationship ends.</summary>
    public EndingReason EndingReason;

    /// <summary>When the relationship ends, unix milliseconds.</summary>
    public long EndingMs;
}
