namespace StreamScorer.Simulation.World;

/// <summary>
/// What a run may do to the engine; F numbers are those of the fault list. Every run draws a subset of them. What must hold in every run is checked by
/// <see cref="Oracle.Verdict"/>: O1 and O2 state, O3 output, O4 commit sequence, O5 conservation, O6 progress, O7 lineage. Beside each fault stands what may
/// differ because of it.
/// </summary>
[Flags]
public enum Fault
{
    /// <summary>Nothing goes wrong.</summary>
    None = 0,

    /// <summary>F1: a worker dies at any <see cref="Engine.EngineStep"/>, with requests under way. Nothing may differ.</summary>
    Kill = 1 << 0,

    /// <summary>F2: a worker stops, is thrown out of the group, and goes on much later. A transition may appear again, with the same id.</summary>
    Pause = 1 << 1,

    /// <summary>F3: the store is away for a while; what was under way is lost or not, the reply always. Nothing may differ.</summary>
    StoreAway = 1 << 2,

    /// <summary>F4, and F5 together with <see cref="Pause"/>: the store goes back to an earlier prefix of its writes, claims included. Transitions may appear again.</summary>
    StoreRollback = 1 << 3,

    /// <summary>F6: the store is emptied. The worker must say so and stop; it must not begin anew in silence.</summary>
    StoreFlushed = 1 << 4,

    /// <summary>F7, F8 and F10: the store answers, but refuses to write for a while (out of memory, disk full, script unknown). Nothing may differ.</summary>
    StoreRefuses = 1 << 5,

    /// <summary>F9: replies are slow; a claim or a commit that was given up may be executed much later. Nothing may differ.</summary>
    StoreSlow = 1 << 6,

    /// <summary>F13: workers join, leave (F27: in an orderly way) and partitions move, again and again. Nothing may differ.</summary>
    Rebalances = 1 << 7,

    /// <summary>F14: a worker loses its partitions and hears of it late, while it goes on. A transition may appear again, with the same id.</summary>
    Eviction = 1 << 8,

    /// <summary>F15: records that cannot be used. Each is a dead letter with its reason; the next record is processed.</summary>
    Poison = 1 << 9,

    /// <summary>F16: events sent again, at once, in bursts and later. They are counted and change nothing.</summary>
    Duplicates = 1 << 10,

    /// <summary>F17: events out of order. Sums do not depend on it; tiers of latecomers may.</summary>
    OutOfOrder = 1 << 11,

    /// <summary>F18: events far in the future and past, and workers' clocks that jump by minutes. Nothing may differ.</summary>
    ClockJumps = 1 << 12,

    /// <summary>F19: long silences, so that deadlines pass; also without any event, by the wall clock. Drops fire at their instants.</summary>
    Silence = 1 << 13,

    /// <summary>
    /// F22: the output is away or slow. The outbox waits; nothing is lost. With <see cref="Rebalances"/>: what is queued when the limit of the drain cuts a
    /// hand-over off may appear again, with the same id.
    /// </summary>
    OutputAway = 1 << 14,

    /// <summary>F25: customers are erased while their events come in, and come back. Nothing resurrects.</summary>
    Erasures = 1 << 15,
}
