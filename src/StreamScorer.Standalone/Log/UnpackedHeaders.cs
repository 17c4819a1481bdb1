using System.Collections;
using StreamScorer.Engine.Source;

namespace StreamScorer.Standalone.Log;

/// <summary>Headers that are unpacked when somebody asks for one: whoever reads a whole log seldom does.</summary>
internal sealed class UnpackedHeaders(ReadOnlySpan<byte> packed) : IReadOnlyList<KeyValuePair<string, byte[]?>>
{
    private readonly byte[] packed = packed.ToArray();
    private List<KeyValuePair<string, byte[]?>>? unpacked;

    private List<KeyValuePair<string, byte[]?>> All => unpacked ??= RecordHeaders.Unpack(packed);

    /// <inheritdoc/>
    public int Count => All.Count;

    /// <inheritdoc/>
    public KeyValuePair<string, byte[]?> this[int index] => All[index];

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, byte[]?>> GetEnumerator() => All.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
