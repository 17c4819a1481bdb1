namespace StreamScorer.Testing.Log;

/// <summary>A record of the in-memory log; its offset is its place.</summary>
/// <param name="Key">Null differs from empty.</param>
/// <param name="Value">Null is a tombstone.</param>
/// <param name="Headers">Packed by <see cref="Engine.Source.RecordHeaders"/>.</param>
public sealed record InMemoryRecord(byte[]? Key, byte[]? Value, long TimestampMs, byte[] Headers);
