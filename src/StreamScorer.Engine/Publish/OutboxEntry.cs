using System.Buffers;
using System.Buffers.Binary;
using StreamScorer.Engine.Source;

namespace StreamScorer.Engine.Publish;

/// <summary>Where an outbox entry goes.</summary>
public enum OutboxKind : byte
{
    /// <summary>A tier transition or notice, to the transitions topic, in the partition of its source.</summary>
    Transition = 1,

    /// <summary>A record that could not be used, to the dead-letter topic.</summary>
    DeadLetter = 2,

    /// <summary>The null value that ends an erased customer's key, to the transitions topic.</summary>
    Tombstone = 3,
}

/// <summary>
/// Something decided and committed but perhaps not yet published. Key, value and headers are final bytes, so that publishing formats nothing.
/// </summary>
/// <param name="Seq">Position in the partition's outbox, from 1, without gaps; also a header of the published record.</param>
/// <param name="Id">Deterministic identity (the transition id); the same after a crash, so that a reader can drop a repeat.</param>
/// <param name="Key">Record key; null for a dead letter that had none.</param>
/// <param name="Value">Record value; null for a tombstone.</param>
/// <param name="Headers">Packed by <see cref="RecordHeaders"/>.</param>
public sealed record OutboxEntry(long Seq, OutboxKind Kind, string Id, byte[]? Key, byte[]? Value, byte[] Headers)
{
    /// <summary>Header that carries <see cref="Id"/>.</summary>
    public const string IdHeader = "id";

    /// <summary>Header that carries <see cref="Seq"/> in decimal.</summary>
    public const string SeqHeader = "outbox-seq";

    /// <summary>Header that carries the incarnation (16 hex digits) of the state that decided it.</summary>
    public const string IncarnationHeader = "incarnation";

    // Sequence and kind, then id, key, value and headers.
    private const int PrefixLength = 9, Blocks = 4;

    /// <summary>
    /// Broker timestamp of the record that caused it, unix milliseconds; 0 when silence or a sweep did. Only for measuring, so it is not stored: 0 too for what
    /// a former owner left behind.
    /// </summary>
    public long SourceTimestampMs { get; init; }

    /// <summary>Trace context of that record, also among <see cref="Headers"/>; null for none. Not stored either.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What it takes of the outbox's limit: about its bytes in memory and on the wire.</summary>
    public int SizeBytes => Id.Length + (Key?.Length ?? 0) + (Value?.Length ?? 0) + Headers.Length;

    /// <summary>Length of the stored form, bytes.</summary>
    public int EncodedLength => PrefixLength + (Blocks * sizeof(int)) + System.Text.Encoding.UTF8.GetByteCount(Id)
        + (Key?.Length ?? 0) + (Value?.Length ?? 0) + Headers.Length;

    /// <summary>Stored form: sequence, kind, then length-prefixed id, key, value, headers (-1 = null).</summary>
    public byte[] Encode()
    {
        var encoded = new byte[EncodedLength];
        Encode(encoded);
        return encoded;
    }

    /// <summary>Writes the stored form behind what is in <paramref name="writer"/>; <see cref="Take"/> takes such forms apart again.</summary>
    public void EncodeTo(ArrayBufferWriter<byte> writer) => writer.Advance(Encode(writer.GetSpan(EncodedLength)));

    /// <summary>Writes the stored form at the beginning of a span and returns its length.</summary>
    public int Encode(Span<byte> target)
    {
        Span<byte> rest = target;
        BinaryPrimitives.WriteInt64LittleEndian(rest, Seq);
        rest[8] = (byte)Kind;
        rest = rest[PrefixLength..];
        int idBytes = System.Text.Encoding.UTF8.GetBytes(Id, rest[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(rest, idBytes);
        rest = rest[(sizeof(int) + idBytes)..];
        Write(ref rest, Key);
        Write(ref rest, Value);
        Write(ref rest, Headers);
        return target.Length - rest.Length;
    }

    /// <summary>Takes the first stored form off several that follow each other.</summary>
    public static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> encoded)
    {
        int length = PrefixLength;
        for (int block = 0; block < Blocks; block++)
            length += 4 + Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(encoded[length..]));
        ReadOnlySpan<byte> first = encoded[..length];
        encoded = encoded[length..];
        return first;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    public static OutboxEntry Decode(ReadOnlySpan<byte> encoded)
    {
        long seq = BinaryPrimitives.ReadInt64LittleEndian(encoded);
        var kind = (OutboxKind)encoded[8];
        encoded = encoded[PrefixLength..];
        string id = System.Text.Encoding.UTF8.GetString(Read(ref encoded)!);
        byte[]? key = Read(ref encoded);
        byte[]? value = Read(ref encoded);
        return new OutboxEntry(seq, kind, id, key, value, Read(ref encoded) ?? []);
    }

    /// <summary>The sequence of an encoded entry.</summary>
    public static long SeqOf(ReadOnlySpan<byte> encoded) => BinaryPrimitives.ReadInt64LittleEndian(encoded);

    private static void Write(ref Span<byte> rest, byte[]? block)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, block?.Length ?? -1);
        block.CopyTo(rest[4..]);
        rest = rest[(4 + (block?.Length ?? 0))..];
    }

    private static byte[]? Read(ref ReadOnlySpan<byte> encoded)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(encoded);
        byte[]? block = length < 0 ? null : encoded.Slice(4, length).ToArray();
        encoded = encoded[(4 + Math.Max(length, 0))..];
        return block;
    }
}
