namespace StreamScorer.Standalone.Log;

/// <summary>
/// Records that are appended together as rows of a thousand each: who reads an output takes a row at a time, and has all its records as objects. Kept to be filled again,
/// because new ones of a megabyte each would be the collector's most frequent work. Filled by one thread; must stay as it is until its append completes.
/// </summary>
internal sealed class LogBlocks
{
    private const int RecordsPerBlock = 1_000;
    private readonly List<LogBlock> blocks = [];
    private int filled;

    /// <summary>The blocks that hold a record, in order.</summary>
    public IEnumerable<LogBlock> Filled => blocks.Take(filled);

    /// <summary>Empties it for re-use.</summary>
    public void Clear() => filled = 0;

    /// <inheritdoc cref="LogBlock.Add(long, bool, ReadOnlySpan{byte}, bool, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public void Add(long timestampMs, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, ReadOnlySpan<byte> headers)
    {
        if (filled == 0 || blocks[filled - 1].Count == RecordsPerBlock)
            Begin();
        blocks[filled - 1].Add(timestampMs, hasKey, key, hasValue, value, headers);
    }

    private void Begin()
    {
        if (filled == blocks.Count)
            blocks.Add(new LogBlock());
        blocks[filled++].Clear();
    }
}
