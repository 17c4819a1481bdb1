using System.Diagnostics;

namespace StreamScorer.Tidy;

/// <summary>The files of this repository, as git sees them: tracked and new ones, without what is ignored.</summary>
internal static class Repository
{
    /// <summary>Directory of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to <see cref="Root"/>, with slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. ListFiles()];

    /// <summary>The C# files.</summary>
    public static IEnumerable<string> CSharp => Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>The lines of a file.</summary>
    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    /// <summary>The text of a file.</summary>
    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "StreamScorer.sln")))
                return directory.FullName;
        throw new DirectoryNotFoundException($"no StreamScorer.sln above {AppContext.BaseDirectory}");
    }

    private static IEnumerable<string> ListFiles()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using Process git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(Root, file)));
    }
}
