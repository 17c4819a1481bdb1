using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>Where the third-party data lies: beside the repository, because it is not ours to copy into it.</summary>
internal static class SharedData
{
    /// <summary>The data folder, or null when this machine lacks it.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Full path of a data file. Called by tests marked <see cref="DataFactAttribute"/> alone.</summary>
    public static string PathOf(string relative) =>
        Path.Combine(Folder ?? throw new InvalidOperationException("mark the test with DataFact"), relative);

    private static string? Find()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "StreamScorer.sln"))) root = root.Parent;
        if (root is null) return null;
        string data = Path.GetFullPath(Path.Combine(root.FullName, "..", "shared", "data"));
        return Directory.Exists(data) ? data : null;
    }
}

/// <summary>A fact that needs the third-party data, skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataFactAttribute : FactAttribute
{
    /// <summary>Skips the test without the data.</summary>
    public DataFactAttribute()
    {
        if (SharedData.Folder is null) Skip = "skipped: no data";
    }
}
