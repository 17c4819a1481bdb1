namespace StreamScorer.Worker.Configuration;

/// <summary>Where files that were not named are looked for.</summary>
public static class DefaultPaths
{
    /// <summary><paramref name="relativePath"/> below the working directory, else beside the program; null when it is at neither place.</summary>
    public static string? Find(string relativePath) =>
        new[] { relativePath, Path.Combine(AppContext.BaseDirectory, relativePath) }.FirstOrDefault(File.Exists);
}
