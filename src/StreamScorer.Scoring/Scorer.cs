using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Scoring;

/// <summary>
/// The heart: a pure fold of events and of silence over one customer. State, time, policy and population in; state and tier changes out.
/// Allocates nothing, performs no input or output and reads no clock.
/// </summary>
public static class Scorer
{
    /// <summary>
    /// Applies one event: elapses the silence before it, adds it to the aggregates and assesses all schemes.
    /// Leaves <see cref="CustomerState.DeadlineMs"/> to be set by <see cref="Deadlines.Arm"/> after the last event of a batch.
    /// </summary>
    /// <param name="deadlineIsStale">True when an event was applied since the deadline was last found.</param>
    /// <param name="lateness">How late the event was for its customer.</param>
    /// <returns>Customer value after the event, currency units.</returns>
    public static double Apply(
        ref CustomerState state, ref ColdState cold, in CustomerEvent e, ScoringRules rules, Population population, TierChangeBuffer changes,
        bool deadlineIsStale, out Lateness lateness)
    {
        if (state.Layout != 0)
        {
            if (deadlineIsStale && e.TimeMs > state.LastAssessedMs)
                Deadlines.Arm(ref state, ref cold, rules, state.LastAssessedMs);
            Elapse(ref state, ref cold, e.TimeMs, rules, population, changes);
        }
        lateness = Aggregation.Add(ref state, ref cold, in e, rules);
        state.RecentEvents.Push(e.EventIdHash);
        long atMs = Math.Max(e.TimeMs, state.LastAssessedMs);
        return Assess(ref state, ref cold, atMs, TransitionCause.Event, SchemeScope.All, rules, population, changes);
    }

    /// <summary>
    /// Lets silence happen up to and including <paramref name="untilMs"/>: every deadline passed is assessed at its own instant and the next one found.
    /// </summary>
    public static void Elapse(
        ref CustomerState state, ref ColdState cold, long untilMs, ScoringRules rules, Population population, TierChangeBuffer changes)
    {
        while (state.DeadlineMs <= untilMs)
        {
            long atMs = state.DeadlineMs;
            Assess(ref state, ref cold, atMs, TransitionCause.Silence, SchemeScope.Absolute, rules, population, changes);
            Deadlines.Arm(ref state, ref cold, rules, atMs, afterWake: true);
        }
    }

    /// <summary>Moves every scheme in scope to an instant and collects what changed.</summary>
    /// <param name="atMs">Not before <see cref="CustomerState.LastAssessedMs"/>.</param>
    /// <returns>Customer value at that instant, currency units.</returns>
    public static double Assess(
        ref CustomerState state, ref ColdState cold, long atMs, TransitionCause cause, SchemeScope scope, ScoringRules rules, Population population,
        TierChangeBuffer changes)
    {
        state.LastAssessedMs = Math.Max(state.LastAssessedMs, atMs);
        var signals = new CustomerSignals(in state, in cold, rules, atMs);
        IReadOnlyList<TierScheme> schemes = rules.Schemes;
        for (int i = 0; i < schemes.Count; i++)
        {
            TierScheme scheme = schemes[i];
            if ((scheme.IsRelative ? SchemeScope.Relative : SchemeScope.Absolute) is var kind && (scope & kind) == 0)
                continue;
            SchemeState before = SchemeState.Of(scheme.Id, in state, in cold);
            SchemeState after = before;
            scheme.Step(ref after, in signals, in state, population);
            if (after.Equals(before))
                continue;
            after.Store(scheme.Id, ref state, ref cold);
            Collect(scheme, in before, in after, ref state, in signals, cause, rules, changes);
        }
        return signals.CustomerValue;
    }

    private static void Collect(
        TierScheme scheme, in SchemeState before, in SchemeState after, ref CustomerState state, in CustomerSignals signals, TransitionCause cause,
        ScoringRules rules, TierChangeBuffer changes)
    {
        byte from = scheme.TierOf(in before), to = scheme.TierOf(in after);
        bool moved = from != to;
        if (moved)
            state.SinceDays[(int)scheme.Id] = (ushort)Math.Clamp(rules.Calendar.DayOf(signals.AtMs), 0, ushort.MaxValue);
        else if (before.InGrace == after.InGrace)
            return;
        TierDirection direction = moved ? scheme.DirectionOf(from, to) : after.InGrace ? TierDirection.DropPending : TierDirection.DropAverted;
        changes.Add(new TierChange
        {
            Scheme = scheme.Id,
            From = from,
            To = to,
            Direction = direction,
            Cause = cause,
            Sequence = ++state.Sequence,
            AtMs = signals.AtMs,
            DropMs = direction == TierDirection.DropPending ? scheme.DropMs(in after) : 0,
            CustomerValue = signals.CustomerValue,
            ChurnRisk = signals.HasPurchases ? signals.ChurnRisk : 0,
            AliveProbability = signals.AliveProbability,
        });
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
