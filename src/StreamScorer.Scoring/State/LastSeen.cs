using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace StreamScorer.Scoring.State;

/// <summary>A short text and when it was last stated: the newest statement counts, whatever the order in which they come. 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LastSeen
{
    /// <summary>Time of the statement, unix milliseconds.</summary>
    public long AtMs;

    /// <summary>The text.</summary>
    public ShortText Text;

    /// <summary>Takes a newer text. Of two at the same instant the greater one stays, so that their order does not matter.</summary>
    public void See(ReadOnlySpan<byte> utf8, long atMs)
    {
        if (utf8.IsEmpty)
            return;
        ShortText text = ShortText.Of(utf8);
        bool isNewer = atMs > AtMs || Text.IsEmpty;
        if (isNewer || (atMs == AtMs && ((ReadOnlySpan<byte>)text).SequenceCompareTo(Text) > 0))
            (AtMs, Text) = (atMs, text);
    }
}

/// <summary>Up to 16 bytes of UTF-8, padded with zeros; longer texts are cut behind a whole character.</summary>
[InlineArray(Capacity)]
public struct ShortText
{
    /// <summary>Bytes kept.</summary>
    public const int Capacity = 16;

    private byte first;

    /// <summary>True for no text.</summary>
    public readonly bool IsEmpty => first == 0;

    /// <summary>The beginning of a text.</summary>
    public static ShortText Of(ReadOnlySpan<byte> utf8)
    {
        int length = Math.Min(utf8.Length, Capacity);
        while (length < utf8.Length && length > 0 && (utf8[length] & 0xC0) == 0x80)
            length--;
        ShortText text = default;
        utf8[..length].CopyTo(text);
        return text;
    }

    /// <inheritdoc/>
    public override readonly string ToString() => Encoding.UTF8.GetString(((ReadOnlySpan<byte>)this).TrimEnd((byte)0));
}
