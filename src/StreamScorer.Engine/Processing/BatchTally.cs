using System.Runtime.InteropServices;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Engine.Processing;

/// <summary>What one commit did, counted while it is folded. Re-used like the commit itself: counting allocates nothing once it has grown.</summary>
public sealed class BatchTally
{
    /// <summary>Most trace contexts kept; a batch may have ten thousand causes, and no tool shows that many links.</summary>
    public const int TraceParentsMax = 32;

    private readonly List<TransitionKind> transitions = [];
    private readonly int[] rejections = new int[RejectionReasons.Count];
    private readonly byte[] traceParents = new byte[TraceParentsMax * TraceParent.Length];

    /// <summary>Whether <see cref="AddTraceParent"/> keeps anything.</summary>
    public bool WantsTraceParents { get; set; }

    /// <summary>Transitions and notices put into the outbox.</summary>
    public ReadOnlySpan<TransitionKind> Transitions => CollectionsMarshal.AsSpan(transitions);

    /// <summary>Rejected records by <see cref="RejectionReason"/>.</summary>
    public ReadOnlySpan<int> Rejections => rejections;

    /// <summary>Deadlines that passed.</summary>
    public int TimersFired { get; private set; }

    /// <summary>Longest time by which the partition clock had passed one of them, milliseconds.</summary>
    public long TimerLatenessMaxMs { get; private set; }

    /// <summary>Trace contexts kept.</summary>
    public int TraceParentCount { get; private set; }

    /// <summary>A trace context of a folded record, in W3C form.</summary>
    public ReadOnlySpan<byte> TraceParentAt(int index) => traceParents.AsSpan(index * TraceParent.Length, TraceParent.Length);

    /// <summary>Empties it for the next commit.</summary>
    public void Clear()
    {
        transitions.Clear();
        Array.Clear(rejections);
        (TimersFired, TimerLatenessMaxMs, TraceParentCount) = (0, 0, 0);
    }

    /// <summary>Counts a published transition or notice.</summary>
    public void Add(in TierChange change) =>
        transitions.Add(new TransitionKind(change.Scheme, change.From, change.To, change.Direction, change.Cause));

    /// <summary>Counts a rejected record.</summary>
    public void Add(RejectionReason reason) => rejections[(int)reason]++;

    /// <summary>Counts a deadline that passed.</summary>
    public void AddTimer(long latenessMs)
    {
        TimersFired++;
        TimerLatenessMaxMs = Math.Max(TimerLatenessMaxMs, latenessMs);
    }

    /// <summary>Keeps the trace context of a record, when it has one and there is room.</summary>
    public void AddTraceParent(ReadOnlySpan<byte> headers)
    {
        if (!WantsTraceParents || headers.IsEmpty || TraceParentCount == TraceParentsMax)
            return;
        ReadOnlySpan<byte> found = TraceParent.Find(headers);
        if (found.IsEmpty)
            return;
        found.CopyTo(traceParents.AsSpan(TraceParentCount++ * TraceParent.Length));
    }
}

/// <summary>What a transition's metric is labelled with. Tiers by number, 0 = none.</summary>
public readonly record struct TransitionKind(SchemeId Scheme, byte From, byte To, TierDirection Direction, TransitionCause Cause);
