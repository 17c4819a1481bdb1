using System.Runtime.CompilerServices;

namespace StreamScorer.Engine.Decode;

/// <summary>
/// The leads of the objects read last, and which followed which. A producer writes the fields of its events in the same order and the same way, so that the next lead is
/// nearly always the one of last time: one comparison instead of finding some tokens and looking a name up. Not safe for concurrent use.
/// </summary>
internal sealed class FieldOrder
{
    // Of the numbers, the first is what comes before an object's first lead, and the last a lead that is not to be found again.
    private const int LeadsMax = 32, Start = 0, Unkept = LeadsMax;
    private readonly Lead[] leads = new Lead[LeadsMax + 1];
    private int count = 1, oldest = 1;

    /// <summary>What comes before the first lead of an object.</summary>
    public ref Lead Begin() => ref leads[Start];

    /// <summary>The lead that followed one last time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Lead Behind(ref readonly Lead last) => ref leads[last.Next];

    /// <summary>The lead at a position, which is another than last time; a null reference when there is none.</summary>
    /// <param name="last">The one before it.</param>
    /// <param name="json">Padded.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="nesting">The nesting there.</param>
    public ref Lead Find(ref Lead last, ReadOnlySpan<byte> json, int at, Nesting nesting)
    {
        int number = 1;
        while (number < count && !leads[number].IsAt(json, at, nesting))
            number++;
        if (number == count)
        {
            if (!Lead.TryRead(json, at, nesting, out Lead read))
                return ref Unsafe.NullRef<Lead>();
            number = read.IsKept ? NumberForNew() : Unkept;
            leads[number] = read;
        }
        last.Next = (byte)number;
        return ref leads[number];
    }

    private int NumberForNew()
    {
        if (count < LeadsMax)
            return count++;
        int number = oldest;
        oldest = 1 + oldest % (LeadsMax - 1);
        return number;
    }
}
