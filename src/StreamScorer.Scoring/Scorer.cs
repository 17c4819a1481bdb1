using System.Numerics;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring;

/// <summary>
/// The heart: a pure fold of events and of silence over one customer. State, time, policy and population in; state and tier changes out.
/// Allocates nothing, performs no input or output and reads no clock.
/// </summary>
public static class Scorer
{
    /// <summary>
    /// Applies one event: elapses the silence before it, adds it to the aggregates and assesses all schemes.
    /// Sets <see cref="CustomerState.DeadlineMs"/> to a lower bound; where that <see cref="Deadlines.IsNext"/>, <see cref="Deadlines.Arm"/> finds a better one after the
    /// last event of a batch.
    /// </summary>
    /// <param name="lateness">How late the event was for its customer.</param>
    /// <returns>Where the customer belongs in the population sketch.</returns>
    public static PopulationBuckets Apply(
        ref CustomerState state, ref ColdState cold, in CustomerEvent e, ScoringRules rules, Population population, TierChangeBuffer changes,
        out Lateness lateness)
    {
        // Strictly before the event: at its own instant the customer is not silent.
        if (state.Layout != 0)
            ElapseUntil(e.TimeMs - 1, ref state, ref cold, rules, population, changes);
        AvertedDrops.Expire(ref cold, Math.Max(e.TimeMs, state.LastAssessedMs));
        lateness = Aggregation.Add(ref state, ref cold, in e, rules);
        state.RecentEvents.Push(e.EventIdHash);
        state.LastAssessedMs = Math.Max(e.TimeMs, state.LastAssessedMs);
        var signals = new CustomerSignals(new SignalSource(in state, in cold, rules), state.LastAssessedMs);
        var averted = AvertedDrops.By(in e, ref cold);
        // Where the event gives schemes former grace starts back, each is stepped.
        uint stepped = averted.Reopens ? rules.Settled.In(SchemeScope.All) : rules.Settled.NotAmong(in signals, population);
        Assess(ref state, ref cold, in signals, TransitionCause.Event, stepped, rules, population, changes, averted);
        averted.Close(ref cold);
        state.DeadlineMs = Deadlines.AfterEvent(in signals);
        return PopulationBuckets.Of(in signals, in state);
    }

    /// <summary>
    /// Lets silence happen up to and including <paramref name="untilMs"/>: every deadline passed is assessed at its own instant and the next one found.
    /// </summary>
    /// <returns>True when a deadline had passed, so that the state is another one.</returns>
    public static bool Elapse(
        ref CustomerState state, ref ColdState cold, long untilMs, ScoringRules rules, Population population, TierChangeBuffer changes)
    {
        if (state.DeadlineMs > untilMs)
            return false;
        while (state.DeadlineMs <= untilMs)
        {
            long atMs = state.DeadlineMs;
            AvertedDrops.Expire(ref cold, atMs);
            Assess(ref state, ref cold, atMs, TransitionCause.Silence, SchemeScope.Absolute, rules, population, changes);
            Deadlines.Arm(ref state, ref cold, rules, atMs, afterWake: true);
        }
        return true;
    }

    // As Elapse, but how long silence could have lasted does not matter: the event finds the next deadline anew.
    private static void ElapseUntil(
        long untilMs, ref CustomerState state, ref ColdState cold, ScoringRules rules, Population population, TierChangeBuffer changes)
    {
        if (untilMs < state.DeadlineMs)
            return;
        long afterMs = state.DeadlineMs - 1;
        // What silence changes on the way, tiers and instants, no signal goes by.
        var until = new CustomerSignals(new SignalSource(in state, in cold, rules), Deadlines.FloorS(untilMs) * 1000, SignalGroups.Absolute);
        while (Deadlines.FindUntil(in until, afterMs, out uint changed) is { } atMs)
        {
            AvertedDrops.Expire(ref cold, atMs);
            state.LastAssessedMs = Math.Max(state.LastAssessedMs, atMs);
            var signals = new CustomerSignals(new SignalSource(in state, in cold, rules), atMs, SignalGroups.Absolute);
            Assess(ref state, ref cold, in signals, TransitionCause.Silence, changed, rules, population, changes, AvertedDrops.None);
            afterMs = atMs;
        }
    }

    /// <summary>Moves every scheme in scope to an instant and collects what changed.</summary>
    /// <param name="atMs">Not before <see cref="CustomerState.LastAssessedMs"/>.</param>
    /// <returns>True when a scheme holds something else than before.</returns>
    public static bool Assess(
        ref CustomerState state, ref ColdState cold, long atMs, TransitionCause cause, SchemeScope scope, ScoringRules rules, Population population,
        TierChangeBuffer changes)
    {
        state.LastAssessedMs = Math.Max(state.LastAssessedMs, atMs);
        var signals = new CustomerSignals(new SignalSource(in state, in cold, rules), atMs, scope == SchemeScope.Absolute ? SignalGroups.Absolute : SignalGroups.All);
        // Absolute schemes alone are assessed where silence has probably changed one of them.
        uint stepped = rules.Settled.In(scope);
        if (scope != SchemeScope.Absolute)
            stepped &= rules.Settled.NotAmong(in signals, population);
        return Assess(ref state, ref cold, in signals, cause, stepped, rules, population, changes, AvertedDrops.None);
    }

    // Steps the schemes whose bits are set.
    private static bool Assess(
        ref CustomerState state, ref ColdState cold, scoped in CustomerSignals signals, TransitionCause cause, uint stepped, ScoringRules rules,
        Population population, TierChangeBuffer changes, AvertedDrops averted)
    {
        bool moved = false;
        TransitionCollector collector = default;
        for (; stepped != 0; stepped &= stepped - 1)
        {
            TierScheme scheme = rules.AllSchemes[BitOperations.TrailingZeroCount(stepped)];
            var before = new SchemeState(scheme.Id, in state, in cold);
            SchemeState after = before;
            averted.Reopen(scheme, ref after, in cold);
            scheme.Step(ref after, in signals, in state, population);
            if (after.Equals(before))
                continue;
            averted.Remember(scheme, in before, in after, ref cold);
            after.Store(scheme.Id, ref state, ref cold);
            bool isStage = scheme.Id == SchemeId.Lifecycle;
            if (isStage)
                FlagReturn(ref state, (LifecycleStage)before.Axis0, (LifecycleStage)after.Axis0);
            if (!moved || isStage)
                collector = new TransitionCollector(cause, Circumstances.Of(in signals, in state, in cold), population, changes);
            collector.Collect(scheme, in before, in after, ref state, in signals);
            moved = true;
        }
        return moved;
    }

    private static void FlagReturn(ref CustomerState state, LifecycleStage from, LifecycleStage to)
    {
        if (to == LifecycleStage.Exited)
            state.Flags &= ~CustomerFlags.Reactivated;
        else if (from == LifecycleStage.Exited && to != LifecycleStage.Harmful)
            state.Flags |= CustomerFlags.Reactivated;
    }
}

/// <summary>Which schemes an assessment looks at.</summary>
[Flags]
public enum SchemeScope
{
    /// <summary>Schemes with bounds of their own.</summary>
    Absolute = 1,

    /// <summary>Schemes whose bounds come from the population.</summary>
    Relative = 2,

    /// <summary>All.</summary>
    All = Absolute | Relative,
}
