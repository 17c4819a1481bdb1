using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.State;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// Recalibration of a partition: at instants shared by all partitions, first every customer's value is put into the sketch as of that instant, then every customer
/// is assessed against the population. A change of the policy is a sweep of its own, for all schemes. In chunks with a cursor, so that no commit and no pause grows with the partition.
/// </summary>
public sealed class Sweeper
{
    private readonly PartitionMemory memory;
    private readonly EngineOptions options;
    private readonly bool wasActive;
    private Population population = Population.None;
    private bool rescores;
    private long eventsWhenMeasured;
    private int cursor;
    private Phase phase = Phase.Idle;

    /// <param name="memory">The partition's memory.</param>
    /// <param name="options">Interval and chunk size.</param>
    /// <param name="policyVersion">The policy: when not all customers are assessed with it, the first sweep does so, at the clock's instant.</param>
    public Sweeper(PartitionMemory memory, EngineOptions options, long policyVersion)
    {
        (this.memory, this.options) = (memory, options);
        bool started = memory.Meta.ClockMs != long.MinValue;
        rescores = started && memory.Meta.AssessedPolicyVersion < policyVersion;
        wasActive = memory.Meta.PolicyVersion == policyVersion;
        NextMs = !started ? long.MinValue : rescores ? memory.Meta.ClockMs : Floor(memory.Meta.ClockMs) + options.RecalibrationIntervalMs;
    }

    private enum Phase
    {
        Idle,
        Measuring,
        Assessing,
    }

    /// <summary>Instant of the sweep under way, or of the next one, unix milliseconds.</summary>
    public long NextMs { get; private set; }

    /// <summary>
    /// Instant before which records are folded. Live records go on beside a sweep and wait for the one after it only; with an event clock they wait for this one,
    /// so that a replay does not depend on how records arrive.
    /// </summary>
    public long StopBeforeMs =>
        NextMs == long.MinValue ? long.MaxValue : Running && options.Clock == ClockMode.Wall ? NextMs + options.RecalibrationIntervalMs : NextMs;

    /// <summary>True while a sweep is under way.</summary>
    public bool Running => phase != Phase.Idle;

    /// <summary>True when the sweep is a change of the policy, for all schemes.</summary>
    public bool Rescores => rescores;

    /// <summary>True when the next chunk is the first of measuring or of assessing.</summary>
    public bool StartsPhase => phase == Phase.Idle || cursor == 0;

    /// <summary>True when a sweep is under way or due by the clock.</summary>
    public bool IsDue(long clockMs) => Running || (clockMs != long.MinValue && clockMs >= NextMs);

    /// <summary>Sets the first instant once events give the partition a clock; without customers there is nothing to sweep before it.</summary>
    public void Follow(long clockMs)
    {
        if (NextMs == long.MinValue && clockMs != long.MinValue)
            NextMs = Floor(clockMs) + options.RecalibrationIntervalMs;
    }

    /// <summary>Does one chunk. Whatever it moves is in the fold's commit.</summary>
    /// <param name="targetMs">Clock, or the time of the event that waits: the sweep catches up with it in strides.</param>
    /// <param name="fold">Receives the changes.</param>
    /// <param name="measured">Called between the phases; returns the population to assess against.</param>
    /// <param name="chunk">Most customers looked at.</param>
    public void Step(long targetMs, PartitionFold fold, Func<Population> measured, int chunk)
    {
        if (phase == Phase.Idle)
        {
            (phase, cursor, eventsWhenMeasured) = (Phase.Measuring, 0, memory.Ring.Pushed);
            memory.Calibration.BeginSweep(NextMs);
        }
        if (phase == Phase.Measuring && Measure(chunk))
        {
            memory.Calibration.EndSweep();
            population = measured();
            (phase, cursor) = (Phase.Assessing, 0);
            fold.AdvanceClock(NextMs);
        }
        else if (phase == Phase.Assessing && Assess(fold, chunk))
        {
            phase = Phase.Idle;
            if (rescores)
            {
                fold.EndPolicy();
                rescores = false;
                NextMs = Floor(NextMs) + options.RecalibrationIntervalMs;
                return;
            }
            long stride = Math.Max(options.RecalibrationIntervalMs, options.RecalibrationStrideMaxMs);
            long floor = Floor(targetMs);
            NextMs = floor > NextMs ? Math.Min(floor, NextMs + stride) : NextMs + options.RecalibrationIntervalMs;
        }
    }

    private bool Measure(int chunk)
    {
        int end = Math.Min(memory.Table.Slots, cursor + chunk);
        for (; cursor < end; cursor++)
        {
            ref CustomerState state = ref memory.Table.State(cursor);
            if (state.PurchaseCount > 0)
                memory.Measure(cursor, Math.Max(NextMs, state.AsOfMs), memory.Calibration);
        }
        return cursor >= memory.Table.Slots;
    }

    private bool Assess(PartitionFold fold, int chunk)
    {
        int end = Math.Min(memory.Table.Slots, cursor + chunk);
        // An event between measuring and assessing puts its customer into buckets as of its own time.
        bool asMeasured = memory.Ring.Pushed == eventsWhenMeasured;
        for (; cursor < end && fold.ChangedCount < options.BatchSizeMax; cursor++)
        {
            if (rescores)
                fold.FoldPolicy(cursor, NextMs, population, again: wasActive);
            else
                fold.FoldSweep(cursor, NextMs, population, asMeasured);
        }
        return cursor >= memory.Table.Slots;
    }

    private long Floor(long ms) => ms - ((ms % options.RecalibrationIntervalMs) + options.RecalibrationIntervalMs) % options.RecalibrationIntervalMs;
}
