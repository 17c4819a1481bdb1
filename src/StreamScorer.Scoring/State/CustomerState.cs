using System.Runtime.InteropServices;

namespace StreamScorer.Scoring.State;

/// <summary>
/// Everything that is kept of a common customer: 256 bytes without references, stored as it lies in memory (little-endian).
/// Counts and money sums do not depend on the order of events; decayed sums only by rounding; held tiers do, by design.
/// Money is in <see cref="Events.Money"/> units. Rarely used parts are in <see cref="ColdState"/>.
/// </summary>
/// <remarks>
/// Bytes: 8 version, flags, purchase periods and sequence; 24 purchase times and days; 12 counts; 56 money; 48 decayed and discounted sums; 8 categories;
/// 24 instants; 40 event ids; 12 held tiers; 24 since. Sum 256.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = SizeBytes)]
public struct CustomerState
{
    /// <summary>Size of the record.</summary>
    public const int SizeBytes = 256;

    /// <summary>Layout of this form; the first byte of the record. <see cref="RecordLayout"/> has those that are stored.</summary>
    public const byte CurrentLayout = 2;

    /// <summary>Version of this layout.</summary>
    public byte Layout;

    /// <summary>Yes-or-no facts.</summary>
    public CustomerFlags Flags;

    /// <summary>Bit i: a purchase happened i retention periods before the period of the last purchase.</summary>
    public ushort RecentPurchasePeriods;

    /// <summary>Transitions decided so far; the <c>sequence</c> of the newest.</summary>
    public int Sequence;

    /// <summary>First purchase, unix milliseconds. Meaningful when <see cref="PurchaseCount"/> is positive.</summary>
    public long FirstPurchaseMs;

    /// <summary>Last purchase, unix milliseconds.</summary>
    public long LastPurchaseMs;

    /// <summary>Bit i: a purchase happened i days before the day of the last purchase.</summary>
    public ulong RecentPurchaseDays;

    /// <summary>Purchases.</summary>
    public int PurchaseCount;

    /// <summary>Business days with a purchase: the transactions of the models. Days on which nothing was paid are counted in <see cref="UnpaidDays"/> too.</summary>
    public int PurchaseDays;

    /// <summary>Purchases on the first purchase day.</summary>
    public int FirstDayPurchases;

    /// <summary>Sum of purchase amounts.</summary>
    public long Revenue;

    /// <summary>Sum of refunds.</summary>
    public long Refunds;

    /// <summary>Cost of goods less returned cost, plus cost to serve.</summary>
    public long Cost;

    /// <summary>Sum of purchase amounts on the first purchase day.</summary>
    public long FirstDayRevenue;

    /// <summary>Amounts less costs on the first purchase day.</summary>
    public long FirstDayProfit;

    /// <summary>Smallest purchase amount.</summary>
    public long TicketMin;

    /// <summary>Largest purchase amount.</summary>
    public long TicketMax;

    /// <summary>Sum of profit discounted to <see cref="Signals.Aggregation.ValueLandmarkMs"/>, currency units.</summary>
    public double DiscountedProfit;

    /// <summary>Decayed profit as of <see cref="AsOfMs"/>, currency units.</summary>
    public double DecayedProfit;

    /// <summary>Profit decayed with the fast half-life by whole days, as of the day of <see cref="AsOfMs"/>.</summary>
    public double FastProfit;

    /// <summary>The same with the slow half-life.</summary>
    public double SlowProfit;

    /// <summary>Purchases decayed with the fast half-life by whole days.</summary>
    public double FastPurchases;

    /// <summary>The same with the slow half-life.</summary>
    public double SlowPurchases;

    /// <summary>One bit per hashed product category ever bought.</summary>
    public ulong Categories;

    /// <summary>Newest event time applied, unix milliseconds: the instant that the decayed sums stand for.</summary>
    public long AsOfMs;

    /// <summary>Latest instant at which tiers were assessed, unix milliseconds. Never goes back.</summary>
    public long LastAssessedMs;

    /// <summary>Next instant at which silence may change a tier, unix milliseconds; <see cref="long.MaxValue"/> for never.</summary>
    public long DeadlineMs;

    /// <summary>Hashes of the last event ids.</summary>
    public RecentEventIds RecentEvents;

    /// <summary>Held tier of each scheme, packed by <see cref="Tiers.SchemeState"/>.</summary>
    public SchemeBytes HeldTiers;

    /// <summary>Business day since when each scheme's tier is held.</summary>
    public SchemeDays SinceDays;

    /// <summary>Time of the last purchase in days since 1970-01-01, UTC.</summary>
    public readonly double LastPurchaseDay => LastPurchaseMs / (double)Policy.BusinessCalendar.DayMs;

    /// <summary>Revenue less refunds.</summary>
    public readonly long NetRevenue => Events.Money.Add(Revenue, -Refunds);

    /// <summary>Revenue less refunds and costs.</summary>
    public readonly long Profit => Events.Money.Add(NetRevenue, -Cost);

    /// <summary>The record as bytes, for the store.</summary>
    public static ReadOnlySpan<byte> AsBytes(ref readonly CustomerState state) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<CustomerState>(in state));

    /// <summary>Reads a stored record of any layout in <see cref="RecordLayout"/>.</summary>
    /// <returns>False when length or layout is not one that this version knows.</returns>
    public static bool TryRead(ReadOnlySpan<byte> record, out CustomerState state)
    {
        if (record.Length != SizeBytes || record[0] != CurrentLayout)
            return RecordLayout.TryUnpack(record, out state);
        state = MemoryMarshal.Read<CustomerState>(record);
        return true;
    }
}

/// <summary>Yes-or-no facts of a customer.</summary>
[Flags]
public enum CustomerFlags : byte
{
    /// <summary>Nothing of note.</summary>
    None = 0,

    /// <summary>Bought again after the exited stage.</summary>
    Reactivated = 1,
}
