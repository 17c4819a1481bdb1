namespace StreamScorer.Testing;

/// <summary>A fresh directory that is deleted with everything in it.</summary>
public sealed class TempDirectory : IDisposable
{
    /// <summary>Absolute path of the directory.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("streamscorer-").FullName;

    /// <summary>Absolute path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
