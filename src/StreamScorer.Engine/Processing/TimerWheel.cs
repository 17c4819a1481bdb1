using System.Numerics;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// Hierarchical timing wheel (Varghese and Lauck 1987) over customer slots: seven wheels of 64 places, one second to 2^42 seconds. Arming and disarming are
/// O(1); the lists run through the table, so that a timer is no object. Advanced by its owner with the time as an argument. Not safe for concurrent use.
/// </summary>
public sealed class TimerWheel(CustomerTable table)
{
    private const int PlaceBits = 6, Places = 1 << PlaceBits, Wheels = 7, DuePlace = Wheels * Places;

    /// <summary>Unix seconds, before every instant that an event may have: in the year 1833.</summary>
    public const long FirstS = -(1L << 32);

    // Keeps ticks positive for instants before 1970 and leaves room above for the year 10000.
    private const long Bias = 1L << 40;

    private readonly int[] heads = new int[DuePlace + 1];
    private readonly ulong[] occupied = new ulong[Wheels];
    private long now;

    /// <summary>Timers armed.</summary>
    public int Count { get; private set; }

    /// <summary>Time that it was advanced to, unix seconds: what is due by then waits for <see cref="TryTakeDue"/>.</summary>
    public long NowS => now - Bias;

    /// <summary>Empties it and sets the time, unix seconds.</summary>
    public void Reset(long nowS)
    {
        Array.Clear(heads);
        Array.Clear(occupied);
        (now, Count) = (nowS + Bias, 0);
    }

    /// <summary>
    /// Arms or moves the timer of a slot. One that stands earlier stays, and moves on to the deadline when its place comes: nearly every event puts a deadline off, and
    /// taking a timer out of its list waits for the memory of two other customers.
    /// </summary>
    /// <param name="slot">Customer slot.</param>
    /// <param name="deadlineMs">The deadline in its record, unix milliseconds; rounded up to the second. <see cref="long.MaxValue"/> disarms.</param>
    public void Arm(int slot, long deadlineMs)
    {
        int place = table.Slot(slot).WheelPlace - 1;
        if (deadlineMs != long.MaxValue && place >= 0 && Precedes(place, TickOf(deadlineMs)))
            return;
        Disarm(slot);
        if (deadlineMs == long.MaxValue)
            return;
        Count++;
        Link(slot, PlaceOf(TickOf(deadlineMs)));
    }

    /// <summary>Takes a slot's timer out, if there is one.</summary>
    public void Disarm(int slot)
    {
        if (table.Slot(slot).WheelPlace == 0)
            return;
        Unlink(slot);
        Count--;
    }

    /// <summary>Moves the time forward; what has come due waits for <see cref="TryTakeDue"/>. A time in the past changes nothing.</summary>
    /// <param name="nowS">Unix seconds.</param>
    public void Advance(long nowS)
    {
        long to = nowS + Bias;
        while (now < to)
        {
            (int wheel, long next) = NextOccupied();
            now = Math.Min(next, to);
            if (now == next)
                Spread(wheel * Places + (int)((now >> (wheel * PlaceBits)) & (Places - 1)));
        }
    }

    /// <summary>Takes one timer that has come due; the caller arms it again or not.</summary>
    public bool TryTakeDue(out int slot)
    {
        slot = heads[DuePlace] - 1;
        if (slot < 0)
            return false;
        Disarm(slot);
        return true;
    }

    /// <summary>True when a timer has come due.</summary>
    public bool HasDue => heads[DuePlace] != 0;

    private static long TickOf(long deadlineMs) => Math.DivRem(deadlineMs, 1000, out long rest) + (rest > 0 ? 1 : 0) + Bias;

    private int PlaceOf(long tick)
    {
        if (tick <= now)
            return DuePlace;
        int wheel = Math.Min(Wheels - 1, (63 - BitOperations.LeadingZeroCount((ulong)(tick ^ now) | (Places - 1))) / PlaceBits);
        return wheel * Places + (int)((tick >> (wheel * PlaceBits)) & (Places - 1));
    }

    // Whether a place comes no later than a tick. What is due already does not come again, so there a timer must not wait for another deadline.
    private bool Precedes(int place, long tick)
    {
        if (place == DuePlace)
            return tick <= now;
        int bits = place / Places * PlaceBits;
        return PlaceTick(place % Places, bits) <= tick;
    }

    // First tick of a place ahead in a wheel's turn.
    private long PlaceTick(int place, int bits) => ((now >> bits & ~(Places - 1L)) + place) << bits;

    // A timer in a higher wheel is later than all in the lower ones, so the lowest occupied place ahead is the next. Jumping there makes a year of silence cheap.
    private (int Wheel, long Tick) NextOccupied()
    {
        for (int wheel = 0; wheel < Wheels; wheel++)
        {
            int bits = wheel * PlaceBits, place = (int)(now >> bits & (Places - 1));
            ulong ahead = place == Places - 1 ? 0 : occupied[wheel] & (ulong.MaxValue << (place + 1));
            if (ahead != 0)
                return (wheel, PlaceTick(BitOperations.TrailingZeroCount(ahead), bits));
        }
        return (0, long.MaxValue);
    }

    private void Spread(int place)
    {
        int entry = heads[place];
        while (entry != 0)
        {
            int slot = entry - 1;
            entry = table.Slot(slot).WheelNext;
            Unlink(slot);
            Link(slot, PlaceOf(TickOf(table.State(slot).DeadlineMs)));
        }
    }

    private void Link(int slot, int place)
    {
        ref CustomerSlot entry = ref table.Slot(slot);
        entry.WheelPlace = (ushort)(place + 1);
        entry.WheelPrevious = 0;
        entry.WheelNext = heads[place];
        if (entry.WheelNext != 0)
            table.Slot(entry.WheelNext - 1).WheelPrevious = slot + 1;
        heads[place] = slot + 1;
        if (place != DuePlace)
            occupied[place >> PlaceBits] |= 1UL << (place & (Places - 1));
    }

    private void Unlink(int slot)
    {
        ref CustomerSlot entry = ref table.Slot(slot);
        int place = entry.WheelPlace - 1;
        if (entry.WheelPrevious != 0)
            table.Slot(entry.WheelPrevious - 1).WheelNext = entry.WheelNext;
        else
            heads[place] = entry.WheelNext;
        if (entry.WheelNext != 0)
            table.Slot(entry.WheelNext - 1).WheelPrevious = entry.WheelPrevious;
        if (heads[place] == 0 && place != DuePlace)
            occupied[place >> PlaceBits] &= ~(1UL << (place & (Places - 1)));
        (entry.WheelNext, entry.WheelPrevious, entry.WheelPlace) = (0, 0, 0);
    }
}
