using System.Buffers;

namespace StreamScorer.Engine.Source;

/// <summary>
/// Records of one partition in offset order, copied into one pooled buffer so that no record is an object.
/// The source fills it, the partition processor reads it once and disposes it. Not safe for concurrent use.
/// </summary>
public sealed class RecordBatch : IDisposable
{
    private byte[] buffer;
    private RecordEntry[] entries;
    private int used;

    /// <param name="generation">The <see cref="PartitionAssignment.Generation"/> that asked for these records.</param>
    /// <param name="recordsExpected">Records to make room for at once; more still fit.</param>
    /// <param name="bytesExpected">Bytes of keys, values and headers to make room for at once; more still fit.</param>
    public RecordBatch(int generation, int recordsExpected = 128, int bytesExpected = 16 * 1024)
    {
        Generation = generation;
        buffer = ArrayPool<byte>.Shared.Rent(bytesExpected);
        entries = ArrayPool<RecordEntry>.Shared.Rent(recordsExpected);
    }

    /// <summary>Start request that these records answer; older generations are discarded by the reader.</summary>
    public int Generation { get; }

    /// <summary>Number of records.</summary>
    public int Count { get; private set; }

    /// <summary>Offset that follows the last record, or -1 while empty.</summary>
    public long NextOffset { get; private set; } = -1;

    /// <summary>The record at <paramref name="index"/>; its spans stay valid until <see cref="Dispose"/>.</summary>
    public SourceRecord this[int index]
    {
        get
        {
            ref readonly RecordEntry e = ref entries[index];
            ReadOnlySpan<byte> bytes = buffer.AsSpan(e.Start);
            return new SourceRecord
            {
                Offset = e.Offset,
                TimestampMs = e.TimestampMs,
                HasKey = e.KeyLength >= 0,
                HasValue = e.ValueLength >= 0,
                Key = bytes[..Math.Max(e.KeyLength, 0)],
                Value = bytes.Slice(Math.Max(e.KeyLength, 0), Math.Max(e.ValueLength, 0)),
                Headers = bytes.Slice(Math.Max(e.KeyLength, 0) + Math.Max(e.ValueLength, 0), e.HeadersLength),
            };
        }
    }

    /// <summary>Key bytes of the record at <paramref name="index"/>; empty when null.</summary>
    public ReadOnlySpan<byte> KeyAt(int index) => buffer.AsSpan(entries[index].Start, Math.Max(entries[index].KeyLength, 0));

    /// <summary>Copies one record in. Offsets must rise.</summary>
    /// <param name="headers">Packed by <see cref="RecordHeaders"/>; empty for none.</param>
    public void Add(
        long offset, long timestampMs, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, ReadOnlySpan<byte> headers)
    {
        int length = key.Length + value.Length + headers.Length;
        Reserve(length);
        key.CopyTo(buffer.AsSpan(used));
        value.CopyTo(buffer.AsSpan(used + key.Length));
        headers.CopyTo(buffer.AsSpan(used + key.Length + value.Length));
        entries[Count++] = new RecordEntry(
            offset, timestampMs, used, hasKey ? key.Length : -1, hasValue ? value.Length : -1, headers.Length);
        used += length;
        NextOffset = offset + 1;
    }

    /// <summary>Returns the buffers to their pools; the spans handed out are dead afterwards.</summary>
    public void Dispose()
    {
        if (entries.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(buffer);
        ArrayPool<RecordEntry>.Shared.Return(entries);
        buffer = [];
        entries = [];
    }

    private void Reserve(int length)
    {
        if (used + length > buffer.Length)
            Grow(ref buffer, used, used + length);
        if (Count == entries.Length)
            Grow(ref entries, Count, Count + 1);
    }

    private static void Grow<T>(ref T[] array, int used, int needed)
    {
        T[] larger = ArrayPool<T>.Shared.Rent(Math.Max(needed, array.Length * 2));
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }

    private readonly record struct RecordEntry(
        long Offset, long TimestampMs, int Start, int KeyLength, int ValueLength, int HeadersLength);
}
