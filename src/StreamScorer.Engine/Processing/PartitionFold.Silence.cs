using StreamScorer.Engine.Publish;
using StreamScorer.Scoring;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Engine.Processing;

/// <content>What changes without an event: deadlines that pass, sweeps, a change of the policy.</content>
public sealed partial class PartitionFold
{
    /// <summary>Assesses customers whose deadline the clock has passed, at most one commit's worth.</summary>
    /// <returns>True when some are left.</returns>
    public bool FoldTimers(Population population)
    {
        AdvanceWheel();
        while (changedSlots.Count < options.BatchSizeMax)
        {
            if (!memory.Wheel.TryTakeDue(out int slot))
                return false;
            ref CustomerState state = ref memory.Table.State(slot);
            ColdState cold = memory.Table.Cold(slot);
            changes.Clear();
            Tally.AddTimer(ClockMs - state.DeadlineMs);
            Scorer.Elapse(ref state, ref cold, SilentUntilMs(ClockMs), rules, population, changes);
            memory.Wheel.Arm(slot, state.DeadlineMs);
            Changed(slot, in cold);
            Publish(slot, default, default, 0);
            HasChanges = true;
        }
        return memory.Wheel.HasDue;
    }

    /// <summary>Re-evaluates one customer for the relative schemes at a sweep's instant.</summary>
    /// <param name="slot">Whom.</param>
    /// <param name="atMs">The sweep's instant, unix milliseconds.</param>
    /// <param name="population">What relative schemes compare with.</param>
    /// <param name="asMeasured">Whether no event has changed anybody since all were measured as of that instant.</param>
    public void FoldSweep(int slot, long atMs, Population population, bool asMeasured)
    {
        ref CustomerState state = ref memory.Table.State(slot);
        if (state.Layout == 0 || state.LastAssessedMs > atMs)
            return;
        if (asMeasured && state.DeadlineMs > SilentUntilMs(atMs)
            && SettledIn(population).Hold(in memory.Table.Slot(slot).Buckets, in state, in memory.Table.Cold(slot), atMs))
        {
            state.LastAssessedMs = atMs;
            return;
        }
        ColdState cold = memory.Table.Cold(slot);
        changes.Clear();
        bool moved = Scorer.Elapse(ref state, ref cold, SilentUntilMs(atMs), rules, population, changes);
        moved |= Scorer.Assess(ref state, ref cold, atMs, TransitionCause.Recalibration, SchemeScope.Relative, rules, population, changes);
        // A sweep writes only what it moved, else every sweep would rewrite the whole partition.
        if (!moved)
            return;
        memory.Wheel.Arm(slot, state.DeadlineMs);
        Changed(slot, in cold);
        Publish(slot, default, default, atMs);
        HasChanges = true;
    }

    /// <summary>Re-scores one customer after a change of the policy: all schemes, and the deadline, which was found by the former bounds.</summary>
    /// <param name="slot">Whom.</param>
    /// <param name="atMs">The re-scoring's instant, unix milliseconds.</param>
    /// <param name="population">What relative schemes compare with.</param>
    /// <param name="again">
    /// Whether a part of the customers was re-scored before: relative tiers may have gone to and fro since, and a transition with the policy's version as its
    /// trigger can be told once only.
    /// </param>
    public void FoldPolicy(int slot, long atMs, Population population, bool again)
    {
        ref CustomerState state = ref memory.Table.State(slot);
        if (state.Layout == 0 || state.LastAssessedMs > atMs)
            return;
        ColdState cold = memory.Table.Cold(slot);
        long deadlineMs = state.DeadlineMs;
        changes.Clear();
        bool moved = Scorer.Elapse(ref state, ref cold, SilentUntilMs(atMs), rules, population, changes);
        moved |= Scorer.Assess(ref state, ref cold, atMs, TransitionCause.Policy, SchemeScope.Absolute, rules, population, changes);
        TransitionCause relative = again ? TransitionCause.Recalibration : TransitionCause.Policy;
        moved |= Scorer.Assess(ref state, ref cold, atMs, relative, SchemeScope.Relative, rules, population, changes);
        Deadlines.Arm(ref state, in cold, rules, atMs);
        memory.Wheel.Arm(slot, state.DeadlineMs);
        if (!moved && state.DeadlineMs == deadlineMs)
            return;
        Changed(slot, in cold);
        Publish(slot, default, default, atMs);
        HasChanges = true;
    }

    /// <summary>All customers are assessed with this policy.</summary>
    public void EndPolicy()
    {
        assessedPolicyVersion = rules.Policy.Version;
        HasChanges = true;
    }

    private SettledBuckets SettledIn(Population population) =>
        settled?.Population == population ? settled : settled = new SettledBuckets(rules, population);

    private void AdvanceWheel() => memory.Wheel.Advance(Math.DivRem(SilentUntilMs(ClockMs), 1000, out long rest) - (rest < 0 ? 1 : 0));

    // An event at the clock's own instant may still come: silence ends before it, else what is published depends on where batches end.
    private static long SilentUntilMs(long clockMs) => clockMs == long.MinValue ? clockMs : clockMs - 1;
}
