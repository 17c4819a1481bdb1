using StreamScorer.Scoring.Signals;

namespace StreamScorer.Scoring.Tiers;

/// <summary>Why a tier was assessed anew.</summary>
public enum TransitionCause : byte
{
    /// <summary>An event of the customer.</summary>
    Event,

    /// <summary>Nothing happened for long enough.</summary>
    Silence,

    /// <summary>The population moved.</summary>
    Recalibration,

    /// <summary>The policy changed.</summary>
    Policy,

    /// <summary>The customer is removed.</summary>
    Erase,
}

/// <summary>A decided transition or notice of one customer, before it is formatted. Money in currency units.</summary>
public readonly record struct TierChange()
{
    /// <summary>The scheme.</summary>
    public required SchemeId Scheme { get; init; }

    /// <summary>Tier number before; 0 = none.</summary>
    public required byte From { get; init; }

    /// <summary>Tier number after; of a notice, the held tier itself.</summary>
    public required byte To { get; init; }

    /// <summary>Where it leads.</summary>
    public required TierDirection Direction { get; init; }

    /// <summary>Why.</summary>
    public required TransitionCause Cause { get; init; }

    /// <summary>Number of this transition among the customer's, from 1.</summary>
    public required int Sequence { get; init; }

    /// <summary>Effective instant, unix milliseconds: of a silent drop the instant of the crossing.</summary>
    public required long AtMs { get; init; }

    /// <summary>Of a pending drop, the instant at which it happens unless averted, unix milliseconds; else 0.</summary>
    public long DropMs { get; init; }

    /// <summary>Of a pending drop, the signal that has to come back; else null.</summary>
    public TierAxis? AvertAxis { get; init; }

    /// <summary>
    /// Of a pending drop, the value of that signal that averts it: at least this, or at most where lower is better. In a relative scheme the bound as of now,
    /// which moves with the population.
    /// </summary>
    public double AvertValue { get; init; }

    /// <summary>Stage of the relationship at that instant.</summary>
    public Schemes.LifecycleStage Stage { get; init; }

    /// <summary>What is true of the customer beside its tier.</summary>
    public TransitionFlags Flags { get; init; }

    /// <summary>Id of the most specific strategy; the same object for every transition that carries it.</summary>
    public string StrategyId { get; init; } = "";

    /// <summary>Customer value at that instant.</summary>
    public double CustomerValue { get; init; }

    /// <summary>Churn risk at that instant.</summary>
    public double ChurnRisk { get; init; }

    /// <summary>P(alive) at that instant.</summary>
    public double AliveProbability { get; init; }
}

/// <summary>Collects transitions without allocating once it has grown.</summary>
public sealed class TierChangeBuffer
{
    private TierChange[] changes = new TierChange[64];

    /// <summary>Number of transitions collected.</summary>
    public int Count { get; private set; }

    /// <summary>What was collected, in order.</summary>
    public ReadOnlySpan<TierChange> Changes => changes.AsSpan(0, Count);

    /// <summary>Appends one.</summary>
    public void Add(in TierChange change)
    {
        if (Count == changes.Length)
            Array.Resize(ref changes, changes.Length * 2);
        changes[Count++] = change;
    }

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;
}
