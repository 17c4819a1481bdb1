using StreamScorer.Engine.Decode;

namespace StreamScorer.Simulation.Input;

/// <summary>What a record of the input is, as its author knows.</summary>
public enum RecordKind
{
    /// <summary>A usable event.</summary>
    Event,

    /// <summary>An erase event or a tombstone.</summary>
    Erase,

    /// <summary>A record that only moves the clock.</summary>
    Clock,

    /// <summary>A record that cannot be used.</summary>
    Poison,
}

/// <summary>A record of the input and what it is meant to be.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Customer">Customer's number, or -1.</param>
/// <param name="TimeMs">Time of the event, unix milliseconds.</param>
/// <param name="Reason">Of poison, why it must be rejected.</param>
public sealed record InputRecord(RecordKind Kind, int Customer, long TimeMs, byte[]? Key, byte[]? Value, RejectionReason Reason = RejectionReason.None);
