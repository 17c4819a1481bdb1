using System.IO.Compression;

namespace StreamScorer.Worker.Input;

/// <summary>
/// A file of transactions, read forward as the records that the <c>transactions</c> topic would hold: key = customer id, value = event JSON.
/// Nothing is dropped: what cannot be used becomes a record with its original bytes, so that the engine dead-letters it with a reason.
/// </summary>
public abstract class EventFile : IDisposable
{
    private readonly string path;
    private FileStream? file;

    /// <param name="path">The file; <c>.gz</c> is decompressed while it is read.</param>
    protected EventFile(string path)
    {
        this.path = path;
    }

    /// <summary>Customer id in UTF-8 of the current record; empty when there is none, which becomes a null key.</summary>
    public abstract ReadOnlyMemory<byte> Key { get; }

    /// <summary>Event JSON of the current record, or the original bytes of what could not be used.</summary>
    public abstract ReadOnlyMemory<byte> Value { get; }

    /// <summary>Time of the current record, unix milliseconds, or null when it has none that can be read.</summary>
    public abstract long? TimeUnixMs { get; }

    /// <summary>Share of the file that has been read, 0..1.</summary>
    public double Fraction => file is null or { Length: 0 } ? 1 : (double)file.Position / file.Length;

    /// <summary>Goes to the next record; false at the end.</summary>
    public abstract bool Read();

    /// <summary>Opens a CSV or NDJSON file: by its name when that says it (<c>.csv</c>, <c>.ndjson</c>, <c>.jsonl</c>), else by its first byte.</summary>
    /// <param name="path">The file.</param>
    /// <param name="map">Columns by field, for CSV.</param>
    /// <exception cref="EventFileException">It cannot be read, or a column that every event needs is missing.</exception>
    public static EventFile Open(string path, ColumnMap map)
    {
        try
        {
            return IsNdjson(path) ? new NdjsonEventFile(path) : new CsvEventFile(path, map);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new EventFileException($"{path}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what the derived class has opened.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Opens the file's content from its beginning.</summary>
    protected Stream OpenContent()
    {
        file = File.OpenRead(path);
        return IsGzip(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static bool IsGzip(string path) => Path.GetExtension(path).Equals(".gz", StringComparison.OrdinalIgnoreCase);

    private static bool IsNdjson(string path)
    {
        string name = IsGzip(path) ? Path.GetFileNameWithoutExtension(path) : path;
        switch (Path.GetExtension(name).ToUpperInvariant())
        {
            case ".CSV" or ".TSV":
                return false;
            case ".NDJSON" or ".JSONL":
                return true;
            default:
                using (Stream stream = File.OpenRead(path))
                using (Stream content = IsGzip(path) ? new GZipStream(stream, CompressionMode.Decompress) : stream)
                    return content.ReadByte() == '{';
        }
    }
}

/// <summary>The file cannot be replayed; the message names the file, what is wrong and what to do.</summary>
public sealed class EventFileException(string message, Exception? inner = null) : Exception(message, inner);
