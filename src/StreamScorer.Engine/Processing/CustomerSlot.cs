using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StreamScorer.Scoring.Populations;

namespace StreamScorer.Engine.Processing;

/// <summary>What is kept of a customer in memory only: one cache line, nearly always with the id, so that finding a customer waits for memory once.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CustomerSlot
{
    /// <summary>Low half of the id's hash.</summary>
    public uint Hash;

    /// <summary>Where the cold record is; 0 = there is none.</summary>
    public int ColdAt;

    /// <summary>Neighbours in the timer wheel's list, slot + 1; 0 = none.</summary>
    public int WheelNext, WheelPrevious;

    /// <summary>Place in the timer wheel + 1; 0 = not in it.</summary>
    public ushort WheelPlace;

    /// <summary>Length of the id, bytes; 0 = free slot.</summary>
    public ushort IdLength;

    /// <summary>What the commit under construction has done with the customer so far.</summary>
    public SlotMarks Marks;

    /// <summary>The id when it is no longer than this; else where it is among the long ones.</summary>
    public ShortId Id;

    /// <summary>Buckets of the population sketch that hold the customer.</summary>
    public PopulationBuckets Buckets;

    /// <summary>Where a longer id begins among the long ones.</summary>
    public int LongIdAt
    {
        readonly get => MemoryMarshal.Read<int>(Id);
        set => MemoryMarshal.Write(Id, in value);
    }
}

/// <summary>Yes-or-no facts of a customer in the commit under construction; none outside of one.</summary>
[Flags]
public enum SlotMarks : byte
{
    /// <summary>Nothing has happened.</summary>
    None = 0,

    /// <summary>The customer was changed, and is written once whatever else happens.</summary>
    Changed = 1,

    /// <summary>The cold record was changed too.</summary>
    ColdChanged = 2,

    /// <summary>An event has changed the customer since timers were last armed: its timer stands at a former deadline.</summary>
    Unarmed = 4,
}

/// <summary>A customer id in place.</summary>
[InlineArray(Capacity)]
public struct ShortId
{
    /// <summary>Bytes of the longest: what a cache line has left.</summary>
    public const int Capacity = 23;

    private byte first;
}
