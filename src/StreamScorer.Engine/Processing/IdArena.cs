namespace StreamScorer.Engine.Processing;

/// <summary>
/// Customer ids too long for a <see cref="ShortId"/>, end to end in chunks of 1 MiB, the first of which grows up to that. Ids are never moved; a removed one leaves a gap until the partition is loaded again.
/// </summary>
internal sealed class IdArena
{
    private const int ChunkBits = 20, ChunkSize = 1 << ChunkBits, FirstSize = 1 << 12;
    private readonly List<byte[]> chunks = [];
    private int used = ChunkSize;

    public ReadOnlySpan<byte> this[int at, int length] =>
        length == 0 ? default : chunks[at >> ChunkBits].AsSpan(at & (ChunkSize - 1), length);

    public int Add(ReadOnlySpan<byte> id)
    {
        if (used + id.Length > ChunkSize)
        {
            chunks.Add(new byte[chunks.Count == 0 ? FirstSize : ChunkSize]);
            used = 0;
        }
        // Most partitions of a small system hold a few ids only. Who still reads from the smaller array reads the same.
        while (used + id.Length > chunks[^1].Length)
            chunks[^1] = Enlarged(chunks[^1]);
        int at = (chunks.Count - 1 << ChunkBits) + used;
        id.CopyTo(chunks[^1].AsSpan(used));
        used += id.Length;
        return at;
    }

    private static byte[] Enlarged(byte[] chunk)
    {
        Array.Resize(ref chunk, chunk.Length * 2);
        return chunk;
    }
}
