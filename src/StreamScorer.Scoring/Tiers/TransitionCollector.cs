using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Tiers;

/// <summary>Turns a step of a scheme into what is worth telling: a transition, a notice, both, or nothing.</summary>
internal static class TransitionCollector
{
    /// <summary>Appends the changes between two states that a scheme went through.</summary>
    public static void Collect(
        TierScheme scheme, in SchemeState before, in SchemeState after, ref CustomerState state, ref readonly ColdState cold, scoped in CustomerSignals signals,
        TransitionCause cause, ScoringRules rules, Population population, TierChangeBuffer changes)
    {
        byte from = scheme.TierOf(in before), to = scheme.TierOf(in after);
        LifecycleStage held = (LifecycleStage)state.HeldTiers[(int)SchemeId.Lifecycle];
        LifecycleStage stage = rules.Stages.StageOf(held, in signals, in state);
        TransitionFlags flags = TransitionFlagsOf.Find(in signals, in state, in cold, stage, rules.Policy.Schemes);
        // The schemes before lifecycle are assessed while the return is not flagged yet.
        if (held == LifecycleStage.Exited && stage is not (LifecycleStage.Exited or LifecycleStage.Harmful))
            flags |= TransitionFlags.Reactivated;
        var change = new TierChange
        {
            Scheme = scheme.Id,
            From = from,
            To = to,
            Direction = TierDirection.Lateral,
            Cause = cause,
            Sequence = 0,
            AtMs = signals.AtMs,
            Stage = stage,
            Flags = flags,
            CustomerValue = signals.CustomerValue,
            ChurnRisk = signals.ChurnRisk,
            AliveProbability = signals.AliveProbability,
        };
        if (from != to)
        {
            state.SinceDays[(int)scheme.Id] = (ushort)Math.Clamp(rules.Calendar.DayOf(signals.AtMs), 0, ushort.MaxValue);
            Add(changes, change with { Direction = scheme.DirectionOf(from, to) }, ref state, rules);
        }
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
            Add(changes, change with { From = to, Direction = TierDirection.DropAverted }, ref state, rules);
        if (pendingAxis >= 0)
        {
            TierAxis measured = scheme.Axes[pendingAxis];
            Add(changes, change with
            {
                From = to,
                Direction = TierDirection.DropPending,
                DropMs = now.GraceStartS(pendingAxis) * 1000L + scheme.Grace.LengthMs,
                AvertAxis = measured,
                AvertValue = measured.SignalOf(scheme.BoundsIn(population)![pendingAxis].Rise(now.Position(pendingAxis))),
            }, ref state, rules);
        }
    }

    private static void Add(TierChangeBuffer changes, TierChange change, ref CustomerState state, ScoringRules rules)
    {
        string strategyId = rules.Strategies.Choose(change.Scheme, change.To, change.Stage, change.Direction, change.Flags).Id;
        changes.Add(change with { Sequence = ++state.Sequence, StrategyId = strategyId });
    }
}
