using System.Buffers.Binary;
using System.Text;

namespace StreamScorer.Engine.Source;

/// <summary>
/// Packs record headers into one span: per header a little-endian int32 name length, the UTF-8 name, an int32 value length (-1 = null), the value.
/// </summary>
public static class RecordHeaders
{
    /// <summary>Packs <paramref name="headers"/> in order; repeated names are kept.</summary>
    public static byte[] Pack(IReadOnlyList<KeyValuePair<string, byte[]?>> headers)
    {
        if (headers.Count == 0)
            return [];
        using var stream = new MemoryStream();
        foreach ((string name, byte[]? value) in headers)
        {
            byte[] nameBytes = Encoding.UTF8.GetBytes(name);
            WriteInt32(stream, nameBytes.Length);
            stream.Write(nameBytes);
            WriteInt32(stream, value?.Length ?? -1);
            stream.Write(value ?? []);
        }
        return stream.ToArray();
    }

    /// <summary>The headers that <see cref="Pack"/> packed.</summary>
    public static List<KeyValuePair<string, byte[]?>> Unpack(ReadOnlySpan<byte> packed)
    {
        var headers = new List<KeyValuePair<string, byte[]?>>();
        while (!packed.IsEmpty)
        {
            string name = Encoding.UTF8.GetString(TakeBlock(ref packed)!);
            headers.Add(new KeyValuePair<string, byte[]?>(name, TakeBlock(ref packed)));
        }
        return headers;
    }

    private static byte[]? TakeBlock(ref ReadOnlySpan<byte> packed)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(packed);
        byte[]? block = length < 0 ? null : packed.Slice(4, length).ToArray();
        packed = packed[(4 + Math.Max(length, 0))..];
        return block;
    }

    private static void WriteInt32(MemoryStream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
