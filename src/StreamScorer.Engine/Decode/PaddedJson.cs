using System.Runtime.Intrinsics;

namespace StreamScorer.Engine.Decode;

/// <summary>
/// JSON with zeros behind it, so that a step may look at a window of bytes anywhere and needs not check for the end: a zero ends whatever it looks for, and is nothing
/// that JSON allows. Re-used from record to record.
/// </summary>
internal sealed class PaddedJson
{
    /// <summary>Zeros behind the JSON; the bytes that are looked at together.</summary>
    public static readonly int Padding = Vector256<byte>.Count;

    private byte[] bytes = new byte[512];

    /// <summary>A copy of the JSON and the padding. Lives until the next call.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> json)
    {
        int length = json.Length + Padding;
        if (length > bytes.Length)
            bytes = new byte[Math.Max(length, 2 * bytes.Length)];
        json.CopyTo(bytes);
        bytes.AsSpan(json.Length, Padding).Clear();
        return bytes.AsSpan(0, length);
    }
}
