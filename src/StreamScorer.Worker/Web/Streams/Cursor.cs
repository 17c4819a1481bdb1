using System.Globalization;
using System.Runtime.CompilerServices;

namespace StreamScorer.Worker.Web.Streams;

/// <summary>
/// A place in the transitions output: per partition, the position of the first record not yet seen. Positions belong to the output, so a cursor of one
/// instance goes on at any other.
/// </summary>
public static class Cursor
{
    /// <summary>The text form, positions parted by dots: what clients keep.</summary>
    public static string Format(ReadOnlySpan<long> positions)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[256]);
        for (int partition = 0; partition < positions.Length; partition++)
        {
            if (partition > 0)
                text.AppendLiteral(".");
            text.AppendFormatted(positions[partition]);
        }
        return text.ToStringAndClear();
    }

    /// <summary>Reads <see cref="Format"/>; false for anything else, also for another number of partitions.</summary>
    public static bool TryParse(string text, int partitionCount, out long[] positions)
    {
        positions = new long[partitionCount];
        int partition = 0;
        foreach (Range part in text.AsSpan().Split('.'))
        {
            if (partition == partitionCount
                || !long.TryParse(text.AsSpan(part), NumberStyles.None, CultureInfo.InvariantCulture, out positions[partition++]))
                return false;
        }
        return partition == partitionCount;
    }
}
