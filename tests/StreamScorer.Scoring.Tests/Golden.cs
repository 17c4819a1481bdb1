using System.Runtime.CompilerServices;
using Xunit;

namespace StreamScorer.Scoring.Tests;

/// <summary>Files of the repository that must equal what the code makes. With STREAMSCORER_UPDATE_GOLDEN=1 they are written instead.</summary>
internal static class Golden
{
    /// <summary>Compares a file with what it must hold.</summary>
    /// <param name="path">Path from the repository's root.</param>
    /// <param name="expected">What the code makes.</param>
    public static void Matches(string path, string expected)
    {
        string file = Path.Combine(Root(), path);
        if (Environment.GetEnvironmentVariable("STREAMSCORER_UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, expected);
        Assert.Equal(expected, File.Exists(file) ? File.ReadAllText(file) : $"{path} does not exist");
    }

    /// <summary>A file's bytes.</summary>
    public static byte[] Read(string path) => File.ReadAllBytes(Path.Combine(Root(), path));

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
