using System.Runtime.InteropServices;

namespace StreamScorer.Scoring.State;

/// <summary>
/// Purchase days on which every amount was zero (samples, free plans): purchase days for the purchase model, none for the spend model. 12 bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct UnpaidDays
{
    /// <summary>Bit i: the day i days before that of the last purchase is such a day.</summary>
    public ulong Recent;

    /// <summary>Number of such days, the first purchase day included.</summary>
    public int Count;

    /// <summary>Adds a day.</summary>
    /// <param name="daysBehind">Days before the day of the last purchase; from 64 on only the number is kept.</param>
    public void Add(int daysBehind)
    {
        Count++;
        if (daysBehind < 64)
            Recent |= 1UL << daysBehind;
    }

    /// <summary>Takes a day out again, because something was paid on it after all.</summary>
    /// <param name="daysBehind">Days before the day of the last purchase.</param>
    public void Remove(int daysBehind)
    {
        Count--;
        if (daysBehind < 64)
            Recent &= ~(1UL << daysBehind);
    }

    /// <summary>Whether a day of the last 64 is such a day.</summary>
    public readonly bool Contains(int daysBehind) => daysBehind < 64 && (Recent >> daysBehind & 1) != 0;

    /// <summary>Follows the day of the last purchase.</summary>
    /// <param name="days">Days that it moved ahead, positive.</param>
    public void MoveAhead(int days) => Recent = days < 64 ? Recent << days : 0;
}
