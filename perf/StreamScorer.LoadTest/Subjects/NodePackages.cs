using System.ComponentModel;
using System.Diagnostics;

namespace StreamScorer.LoadTest.Subjects;

/// <summary>The Node peer with its packages, in a directory that survives the run.</summary>
internal static class NodePackages
{
    /// <summary>Installs them when they are not there yet; returns the directory.</summary>
    /// <exception cref="Win32Exception">Node or npm is not installed.</exception>
    /// <exception cref="InvalidOperationException">They could not be installed; the message says why.</exception>
    public static async Task<string> InstallAsync()
    {
        string directory = Path.Combine(AppContext.BaseDirectory, "peers", "node");
        if (Directory.Exists(Path.Combine(directory, "node_modules", "kafkajs")))
            return directory;
        var start = new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = directory,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process npm = Process.Start(start)!;
        Task<string> errors = npm.StandardError.ReadToEndAsync();
        await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        return npm.ExitCode == 0 ? directory : throw new InvalidOperationException($"npm ci: {await errors}");
    }
}
