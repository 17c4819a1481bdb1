using System.Runtime.Intrinsics;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers;

/// <summary>
/// Drops that a purchase averted, for the case that it is refunded: the original grace start then comes back, and where it is due the drop happens at once.
/// Only the last averting purchase of a customer is remembered, for all axes together.
/// </summary>
internal readonly struct AvertedDrops
{
    /// <summary>How long after its grace began an averted drop can be brought back by a refund [own]; else it would keep a cold record alive for ever.</summary>
    public const long KeptS = 365 * 86_400;

    private readonly ulong purchaseHash;
    private readonly bool isRefunded;

    private AvertedDrops(ulong purchaseHash, bool isRefunded) => (this.purchaseHash, this.isRefunded) = (purchaseHash, isRefunded);

    /// <summary>Of an assessment without an event.</summary>
    public static AvertedDrops None => default;

    /// <summary>Forgets averted drops that are older than <see cref="KeptS"/> at <paramref name="atMs"/>, unix milliseconds.</summary>
    public static void Expire(ref ColdState cold, long atMs)
    {
        if (cold.AvertingPurchaseHash == 0)
            return;
        long oldestKeptS = atMs / 1000 - KeptS;
        if (oldestKeptS > 0 && !IsAnyFrom((uint)Math.Min(oldestKeptS, uint.MaxValue), cold.AvertedGraceStartS))
            (cold.AvertingPurchaseHash, cold.AvertedGraceStartS) = (0, default);
    }

    private static bool IsAnyFrom(uint fromS, ReadOnlySpan<uint> startS)
    {
        Vector128<uint> isAny = Vector128<uint>.Zero;
        for (int axis = 0; axis < startS.Length; axis += Vector128<uint>.Count)
            isAny |= Vector128.GreaterThanOrEqual(Vector128.Create(startS[axis..]), Vector128.Create(fromS));
        return isAny != Vector128<uint>.Zero;
    }

    /// <summary>What an event does: a purchase may avert drops, the refund of the last one that did brings them back.</summary>
    public static AvertedDrops By(in CustomerEvent e, ref readonly ColdState cold) => e.Type switch
    {
        EventType.Purchase => new AvertedDrops(e.EventIdHash, false),
        EventType.Refund => new AvertedDrops(0, e.RefundOfHash != 0 && e.RefundOfHash == cold.AvertingPurchaseHash),
        _ => None,
    };

    /// <summary>Whether the event gives schemes their former grace starts back, so that no scheme keeps what it holds without a step.</summary>
    public bool Reopens => isRefunded;

    /// <summary>Gives a scheme its former grace starts back, before it is stepped.</summary>
    public void Reopen(TierScheme scheme, ref SchemeState held, ref readonly ColdState cold)
    {
        if (!isRefunded)
            return;
        int first = SchemeIds.FirstAxis(scheme.Id);
        for (int axis = 0; axis < SchemeIds.AxesOf(scheme.Id); axis++)
        {
            uint formerS = cold.AvertedGraceStartS[first + axis];
            ref uint startS = ref held.GraceStartS(axis);
            if (formerS != 0 && (startS == 0 || formerS < startS))
                startS = formerS;
        }
    }

    /// <summary>Remembers the grace that this purchase ended, after a scheme was stepped.</summary>
    public void Remember(TierScheme scheme, in SchemeState before, in SchemeState after, ref ColdState cold)
    {
        if (purchaseHash == 0 || !before.InGrace)
            return;
        SchemeState was = before, now = after;
        int first = SchemeIds.FirstAxis(scheme.Id);
        for (int axis = 0; axis < SchemeIds.AxesOf(scheme.Id); axis++)
        {
            bool isAverted = was.GraceStartS(axis) != 0 && now.GraceStartS(axis) == 0 && now.Position(axis) <= was.Position(axis);
            if (!isAverted)
                continue;
            if (cold.AvertingPurchaseHash != purchaseHash)
                (cold.AvertingPurchaseHash, cold.AvertedGraceStartS) = (purchaseHash, default);
            cold.AvertedGraceStartS[first + axis] = was.GraceStartS(axis);
        }
    }

    /// <summary>Forgets what a refund has brought back.</summary>
    public void Close(ref ColdState cold)
    {
        if (isRefunded)
            (cold.AvertingPurchaseHash, cold.AvertedGraceStartS) = (0, default);
    }
}
