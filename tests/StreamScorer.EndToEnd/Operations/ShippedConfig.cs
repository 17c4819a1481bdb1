namespace StreamScorer.EndToEnd.Operations;

/// <summary>What ships under <c>config</c>.</summary>
internal static class ShippedConfig
{
    /// <summary>The alert rules.</summary>
    public static string Rules { get; } = Read("prometheus", "alerts.yml");

    /// <summary>The board.</summary>
    public static string Board { get; } = Read("grafana", "streamscorer.json");

    /// <summary>Full path of a file or folder.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([RepositoryRoot(), "config", .. parts]);

    /// <summary>Text of a file.</summary>
    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));

    private static string RepositoryRoot()
    {
        DirectoryInfo directory = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "StreamScorer.sln")))
            directory = directory.Parent!;
        return directory.FullName;
    }
}
