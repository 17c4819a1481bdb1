using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Tiers;

/// <summary>What is told beside a change of tier. It takes longer to find than a scheme's step, so it is found once for all changes of an assessment.</summary>
/// <param name="Stage">Stage of the relationship.</param>
/// <param name="Flags">What else is true of the customer.</param>
internal readonly record struct Circumstances(LifecycleStage Stage, TransitionFlags Flags)
{
    /// <summary>Of a customer as it is held, at the instant of its signals.</summary>
    public static Circumstances Of(scoped in CustomerSignals signals, ref readonly CustomerState state, ref readonly ColdState cold)
    {
        LifecycleStage held = (LifecycleStage)state.HeldTiers[(int)SchemeId.Lifecycle];
        LifecycleStage stage = signals.Rules.Stages.StageOf(held, in signals, in state);
        TransitionFlags flags = TransitionFlagsOf.Find(in signals, in state, in cold, stage, signals.Rules.Policy.Schemes);
        // The schemes before lifecycle are assessed while the return is not flagged yet.
        if (held == LifecycleStage.Exited && stage is not (LifecycleStage.Exited or LifecycleStage.Harmful))
            flags |= TransitionFlags.Reactivated;
        return new Circumstances(stage, flags);
    }
}

/// <summary>Turns a step of a scheme into what is worth telling: a transition, a notice, both, or nothing.</summary>
internal readonly ref struct TransitionCollector(TransitionCause cause, Circumstances circumstances, Population population, TierChangeBuffer changes)
{
    /// <summary>Appends the changes between two states that a scheme went through.</summary>
    public void Collect(TierScheme scheme, in SchemeState before, in SchemeState after, ref CustomerState state, scoped in CustomerSignals signals)
    {
        byte from = scheme.TierOf(in before), to = scheme.TierOf(in after);
        if (from != to)
        {
            state.SinceDays[(int)scheme.Id] = (ushort)Math.Clamp(signals.Rules.Calendar.DayOf(signals.AtMs), 0, ushort.MaxValue);
            Add(scheme, from, to, scheme.DirectionOf(from, to), ref state, in signals);
        }
        if (!before.InGrace && !after.InGrace)
            return;
        SchemeState was = before, now = after;
        int pendingAxis = -1, avertedAxis = -1;
        for (int axis = 0; axis < scheme.Axes.Count; axis++)
        {
            uint oldS = was.GraceStartS(axis), newS = now.GraceStartS(axis);
            if (newS != 0 && newS != oldS && (pendingAxis < 0 || newS < now.GraceStartS(pendingAxis)))
                pendingAxis = axis;
            if (oldS != 0 && newS == 0 && now.Position(axis) != 0 && now.Position(axis) <= was.Position(axis))
                avertedAxis = axis;
        }
        // A rise says by itself that no drop follows.
        if (avertedAxis >= 0 && from == to)
            Add(scheme, to, to, TierDirection.DropAverted, ref state, in signals);
        if (pendingAxis >= 0)
        {
            long dropMs = now.GraceStartS(pendingAxis) * 1000L + scheme.Grace.LengthMs;
            double bound = scheme.BoundsIn(population)![pendingAxis].Rise(now.Position(pendingAxis));
            Add(scheme, to, to, TierDirection.DropPending, ref state, in signals, dropMs, scheme.Axes[pendingAxis], bound);
        }
    }

    private void Add(
        TierScheme scheme, byte from, byte to, TierDirection direction, ref CustomerState state, scoped in CustomerSignals signals, long dropMs = 0,
        TierAxis? axis = null, double bound = 0)
    {
        (LifecycleStage stage, TransitionFlags flags) = circumstances;
        changes.Add(new TierChange
        {
            Scheme = scheme.Id,
            From = from,
            To = to,
            Direction = direction,
            Cause = cause,
            Sequence = ++state.Sequence,
            AtMs = signals.AtMs,
            DropMs = dropMs,
            AvertAxis = axis,
            AvertValue = axis?.SignalOf(bound) ?? 0,
            Stage = stage,
            Flags = flags,
            StrategyId = signals.Rules.Strategies.Choose(scheme.Id, to, stage, direction, flags).Id,
            CustomerValue = signals.CustomerValue,
            ChurnRisk = signals.ChurnRisk,
            AliveProbability = signals.AliveProbability,
        });
    }
}
