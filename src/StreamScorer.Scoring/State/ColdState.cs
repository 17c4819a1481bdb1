using System.Runtime.InteropServices;

namespace StreamScorer.Scoring.State;

/// <summary>
/// What only some customers have at a time: tier drops that wait for their grace to end. Stored beside the hot record only while it is not empty.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct ColdState
{
    /// <summary>Layout that this version writes; the first byte of the record.</summary>
    public const byte CurrentLayout = 1;

    /// <summary>Version of this layout.</summary>
    public byte Layout;

    /// <summary>Per axis, the second at which its value left the band and grace began; 0 for none.</summary>
    public AxisSeconds GraceStartS;

    /// <summary>True when nothing is worth storing.</summary>
    public readonly bool IsEmpty => !((ReadOnlySpan<uint>)GraceStartS).ContainsAnyExcept(0u);

    /// <summary>The record as bytes, for the store.</summary>
    public static ReadOnlySpan<byte> AsBytes(ref readonly ColdState state) => MemoryMarshal.AsBytes(new ReadOnlySpan<ColdState>(in state));

    /// <summary>Reads a stored record.</summary>
    /// <returns>False when length or layout is not one that this version knows.</returns>
    public static unsafe bool TryRead(ReadOnlySpan<byte> record, out ColdState state)
    {
        state = default;
        if (record.Length != sizeof(ColdState) || record[0] != CurrentLayout)
            return false;
        state = MemoryMarshal.Read<ColdState>(record);
        return true;
    }
}
