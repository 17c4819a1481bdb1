using System.Runtime.InteropServices;

namespace StreamScorer.Scoring.State;

/// <summary>
/// What only some customers have: tier drops that wait for their grace to end, and everything that is not a purchase, a refund or a plain cost.
/// Stored beside the hot record, and held in memory, only while it is not empty.
/// </summary>
/// <remarks>
/// The stored form leaves out trailing zero bytes, so a customer who is only in grace costs 81 bytes at most and not <see cref="SizeBytes"/>: what many customers
/// have comes first. A field appended later reads as zero from older records.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = SizeBytes)]
public struct ColdState
{
    /// <summary>Size of the record in memory, and the longest stored form.</summary>
    public const int SizeBytes = 515;

    /// <summary>Layout that this version writes; the first byte of the record.</summary>
    public const byte CurrentLayout = 2;

    /// <summary>A customer without a cold record.</summary>
    public static readonly ColdState None;

    /// <summary>Version of this layout.</summary>
    public byte Layout;

    /// <summary>Per axis, the second at which its value left the band and grace began; 0 for none.</summary>
    public AxisSeconds GraceStartS;

    /// <summary>Per axis, the grace start that the last averting purchase ended; 0 for none. A refund of that purchase brings it back.</summary>
    public AxisSeconds AvertedGraceStartS;

    /// <summary><see cref="Events.CustomerEvent.EventIdHash"/> of the purchase that averted those drops; 0 for none.</summary>
    public ulong AvertingPurchaseHash;

    /// <summary>Purchase days without any spend.</summary>
    public UnpaidDays UnpaidDays;

    /// <summary>Time of the newest event in the decayed sums below, unix milliseconds: the instant that they stand for.</summary>
    public long AsOfMs;

    /// <summary>Contacts and responses.</summary>
    public ResponseHistory Responses;

    /// <summary>Complaints.</summary>
    public ComplaintHistory Complaints;

    /// <summary>Referrals.</summary>
    public ReferralHistory Referrals;

    /// <summary>Cost of winning the customer, C0, <see cref="Events.Money"/> units. Part of <see cref="CustomerState.Cost"/> too.</summary>
    public long AcquisitionCost;

    /// <summary>Cost of serving the customer, <see cref="Events.Money"/> units. Part of <see cref="CustomerState.Cost"/> too.</summary>
    public long CostToServe;

    /// <summary>What the customer spends on our kind of goods.</summary>
    public Wallet Wallet;

    /// <summary>Unpaid bills.</summary>
    public DefaultHistory Defaults;

    /// <summary>The last defection.</summary>
    public Defection Defection;

    /// <summary>The end of the relationship.</summary>
    public Ending Ending;

    /// <summary>Information collected and used.</summary>
    public InformationHistory Information;

    /// <summary>Place of the last purchase that named one.</summary>
    public LastSeen Place;

    /// <summary>Channel of the last purchase that named one.</summary>
    public LastSeen Channel;

    /// <summary>Ratings.</summary>
    public SatisfactionHistory Satisfaction;

    /// <summary>True when nothing is worth storing.</summary>
    public readonly bool IsEmpty => !MemoryMarshal.AsBytes(new ReadOnlySpan<ColdState>(in this))[1..].ContainsAnyExcept((byte)0);

    /// <summary>Whether two records are the same to the byte.</summary>
    public static bool AreSame(ref readonly ColdState one, ref readonly ColdState other) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<ColdState>(in one)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<ColdState>(in other)));

    /// <summary>The record as bytes, for the store, without trailing zeros.</summary>
    public static ReadOnlySpan<byte> AsBytes(ref readonly ColdState state)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<ColdState>(in state));
        return bytes[..(bytes.LastIndexOfAnyExcept((byte)0) + 1)];
    }

    /// <summary>Reads a stored record.</summary>
    /// <returns>False when length or layout is not one that this version knows.</returns>
    public static bool TryRead(ReadOnlySpan<byte> record, out ColdState state)
    {
        state = default;
        if (record.IsEmpty || record.Length > SizeBytes || record[0] != CurrentLayout)
            return false;
        record.CopyTo(MemoryMarshal.AsBytes(new Span<ColdState>(ref state)));
        return true;
    }
}
