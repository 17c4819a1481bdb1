namespace StreamScorer.Engine.Processing;

/// <summary>Customer ids end to end in chunks of 1 MiB. Ids are never moved; a removed one leaves a gap until the partition is loaded again.</summary>
internal sealed class IdArena
{
    private const int ChunkBits = 20, ChunkSize = 1 << ChunkBits;
    private readonly List<byte[]> chunks = [];
    private int used = ChunkSize;

    public ReadOnlySpan<byte> this[int at, int length] =>
        length == 0 ? default : chunks[at >> ChunkBits].AsSpan(at & (ChunkSize - 1), length);

    public int Add(ReadOnlySpan<byte> id)
    {
        if (used + id.Length > ChunkSize)
        {
            chunks.Add(new byte[ChunkSize]);
            used = 0;
        }
        int at = (chunks.Count - 1 << ChunkBits) + used;
        id.CopyTo(chunks[^1].AsSpan(used));
        used += id.Length;
        return at;
    }
}
