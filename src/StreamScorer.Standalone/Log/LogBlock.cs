using System.Buffers;
using System.Buffers.Binary;
using StreamScorer.Engine.Source;

namespace StreamScorer.Standalone.Log;

/// <summary>
/// Records that are appended together and stored as one row. Per record: timestamp (int64), length of key, of value (-1 = null) and of headers
/// (int32 each, little-endian), then the three. Filled by one thread; must stay as it is until its append completes.
/// </summary>
public sealed class LogBlock
{
    /// <summary>Most records in a block; a reader in the middle of one walks it from its start.</summary>
    public const int RecordsMax = 10_000;

    private const int PrefixLength = sizeof(long) + (3 * sizeof(int));
    private readonly ArrayBufferWriter<byte> bytes = new();

    /// <summary>Number of records.</summary>
    public int Count { get; private set; }

    /// <summary>No more records fit: append it and begin another.</summary>
    public bool IsFull => Count == RecordsMax;

    internal ReadOnlySpan<byte> Bytes => bytes.WrittenSpan;

    /// <summary>Empties it for re-use.</summary>
    public void Clear()
    {
        bytes.ResetWrittenCount();
        Count = 0;
    }

    /// <summary>Adds a record with a key and a value.</summary>
    public void Add(long timestampMs, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        Add(timestampMs, hasKey: true, key, hasValue: true, value, headers: default);

    /// <summary>Adds a record.</summary>
    /// <param name="timestampMs">When it came, unix milliseconds.</param>
    /// <param name="headers">Packed by <see cref="RecordHeaders"/>; empty for none.</param>
    /// <exception cref="InvalidOperationException">The block is full.</exception>
    public void Add(
        long timestampMs, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, ReadOnlySpan<byte> headers)
    {
        if (IsFull)
            throw new InvalidOperationException($"a block holds at most {RecordsMax} records");
        Span<byte> prefix = bytes.GetSpan(PrefixLength);
        BinaryPrimitives.WriteInt64LittleEndian(prefix, timestampMs);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[8..], hasKey ? key.Length : -1);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[12..], hasValue ? value.Length : -1);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[16..], headers.Length);
        bytes.Advance(PrefixLength);
        bytes.Write(key);
        bytes.Write(value);
        bytes.Write(headers);
        Count++;
    }

    /// <summary>Takes the first record off stored bytes.</summary>
    internal static SourceRecord Take(ref ReadOnlySpan<byte> stored, long offset)
    {
        long timestampMs = BinaryPrimitives.ReadInt64LittleEndian(stored);
        int keyLength = BinaryPrimitives.ReadInt32LittleEndian(stored[8..]);
        int valueLength = BinaryPrimitives.ReadInt32LittleEndian(stored[12..]);
        int headersLength = BinaryPrimitives.ReadInt32LittleEndian(stored[16..]);
        ReadOnlySpan<byte> key = stored.Slice(PrefixLength, Math.Max(keyLength, 0));
        ReadOnlySpan<byte> value = stored.Slice(PrefixLength + key.Length, Math.Max(valueLength, 0));
        ReadOnlySpan<byte> headers = stored.Slice(PrefixLength + key.Length + value.Length, headersLength);
        stored = stored[(PrefixLength + key.Length + value.Length + headersLength)..];
        return new SourceRecord
        {
            Offset = offset,
            TimestampMs = timestampMs,
            HasKey = keyLength >= 0,
            HasValue = valueLength >= 0,
            Key = key,
            Value = value,
            Headers = headers,
        };
    }
}
