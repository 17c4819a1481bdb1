namespace StreamScorer.Testing.State;

/// <summary>Orders and compares byte arrays by content, so that iteration order never depends on a process-wide hash seed.</summary>
public sealed class ByteOrder : IComparer<byte[]>
{
    /// <summary>The only instance needed.</summary>
    public static readonly ByteOrder Instance = new();

    /// <inheritdoc/>
    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
