using System.Buffers;
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
        var packed = new ArrayBufferWriter<byte>();
        foreach ((string name, byte[]? value) in headers)
            Append(packed, Encoding.UTF8.GetBytes(name), value is not null, value);
        return packed.WrittenSpan.ToArray();
    }

    /// <summary>Packs one more header after those already in <paramref name="target"/>.</summary>
    public static void Append(IBufferWriter<byte> target, ReadOnlySpan<byte> nameUtf8, bool hasValue, ReadOnlySpan<byte> value)
    {
        int valueBytes = hasValue ? value.Length : 0;
        Span<byte> block = target.GetSpan(8 + nameUtf8.Length + valueBytes);
        BinaryPrimitives.WriteInt32LittleEndian(block, nameUtf8.Length);
        nameUtf8.CopyTo(block[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(block[(4 + nameUtf8.Length)..], hasValue ? valueBytes : -1);
        value[..valueBytes].CopyTo(block[(8 + nameUtf8.Length)..]);
        target.Advance(8 + nameUtf8.Length + valueBytes);
    }

    /// <summary>The same for a name and a value in text.</summary>
    public static void Append(IBufferWriter<byte> target, string name, ReadOnlySpan<char> value)
    {
        Span<byte> block = target.GetSpan(8 + Encoding.UTF8.GetMaxByteCount(name.Length) + Encoding.UTF8.GetMaxByteCount(value.Length));
        int nameBytes = Encoding.UTF8.GetBytes(name, block[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(block, nameBytes);
        int valueBytes = Encoding.UTF8.GetBytes(value, block[(8 + nameBytes)..]);
        BinaryPrimitives.WriteInt32LittleEndian(block[(4 + nameBytes)..], valueBytes);
        target.Advance(8 + nameBytes + valueBytes);
    }

    /// <summary>The headers that <see cref="Pack"/> packed.</summary>
    public static List<KeyValuePair<string, byte[]?>> Unpack(ReadOnlySpan<byte> packed)
    {
        var headers = new List<KeyValuePair<string, byte[]?>>();
        while (TryTake(ref packed, out ReadOnlySpan<byte> name, out bool hasValue, out ReadOnlySpan<byte> value))
            headers.Add(new KeyValuePair<string, byte[]?>(Encoding.UTF8.GetString(name), hasValue ? value.ToArray() : null));
        return headers;
    }

    /// <summary>Takes the next header off the packed ones; false when there is none.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> packed, out ReadOnlySpan<byte> nameUtf8, out bool hasValue, out ReadOnlySpan<byte> value)
    {
        nameUtf8 = value = default;
        hasValue = false;
        if (packed.IsEmpty)
            return false;
        nameUtf8 = SkipBlock(ref packed);
        hasValue = BinaryPrimitives.ReadInt32LittleEndian(packed) >= 0;
        value = SkipBlock(ref packed);
        return true;
    }

    /// <summary>Value of the first header of a name, without unpacking the others; empty when there is none or when it is null.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> nameUtf8)
    {
        while (!packed.IsEmpty)
        {
            bool isIt = SkipBlock(ref packed).SequenceEqual(nameUtf8);
            ReadOnlySpan<byte> value = SkipBlock(ref packed);
            if (isIt)
                return value;
        }
        return default;
    }

    private static ReadOnlySpan<byte> SkipBlock(scoped ref ReadOnlySpan<byte> packed)
    {
        int length = Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(packed));
        ReadOnlySpan<byte> block = packed.Slice(4, length);
        packed = packed[(4 + length)..];
        return block;
    }
}
