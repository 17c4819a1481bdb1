using System.Runtime.InteropServices;
using StreamScorer.Scoring.Events;

namespace StreamScorer.Scoring.State;

/// <summary>What the customer spends a year on our kind of goods, with anybody; the newest statement counts. 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Wallet
{
    /// <summary>Time of the statement, unix milliseconds.</summary>
    public long StatedMs;

    /// <summary>Amount a year, <see cref="Money"/> units; 0 when never stated.</summary>
    public long AmountAYear;
}

/// <summary>Unpaid bills. 20 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DefaultHistory
{
    /// <summary>Time of the last one, unix milliseconds.</summary>
    public long LastMs;

    /// <summary>Number.</summary>
    public int Count;

    /// <summary>Sum of the amounts given, <see cref="Money"/> units.</summary>
    public long Amount;
}

/// <summary>The last defection to a competitor. 9 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Defection
{
    /// <summary>When, unix milliseconds.</summary>
    public long AtMs;

    /// <summary>What is known of it; <see cref="DefectionFacts.None"/> when there was none.</summary>
    public DefectionFacts Facts;
}

/// <summary>What is known of a defection.</summary>
[Flags]
public enum DefectionFacts : byte
{
    /// <summary>There was none.</summary>
    None = 0,

    /// <summary>There was one.</summary>
    Happened = 1,

    /// <summary>The competitor is known.</summary>
    CompetitorKnown = 2,

    /// <summary>Somebody induced it.</summary>
    Induced = 4,
}

/// <summary>The end of the relationship as last stated. 17 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Ending
{
    /// <summary>Time of the statement, unix milliseconds.</summary>
    public long StatedMs;

    /// <summary>When the relationship ends, unix milliseconds.</summary>
    public long EndMs;

    /// <summary>Why; <see cref="EndingReason.None"/> when no end was stated.</summary>
    public EndingReason Reason;
}

/// <summary>Information about or from the customer. 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct InformationHistory
{
    /// <summary>Points collected.</summary>
    public int PointsCollected;

    /// <summary>Points used.</summary>
    public int PointsUsed;

    /// <summary>Events that used information.</summary>
    public int Uses;

    /// <summary>Events that collected information.</summary>
    public int Collections;

    /// <summary>Sum of the costs given, <see cref="Money"/> units.</summary>
    public long Cost;

    /// <summary>Sum of the benefits given, <see cref="Money"/> units.</summary>
    public long Benefit;
}
