using System.Diagnostics;
using StreamScorer.Testing;

namespace StreamScorer.EndToEnd.Faults;

/// <summary>A disk in memory that can be filled up, where this user may mount one.</summary>
internal static class SmallDisk
{
    private const string Size = "64m";

    /// <summary>Whether this user may mount one.</summary>
    public static bool IsAvailable { get; } = Try();

    /// <summary>Puts a small disk on a directory; without the right to mount the directory stays as it is.</summary>
    public static void MountOn(string directory) => Run("mount", "-t", "tmpfs", "-o", $"size={Size}", "tmpfs", directory);

    /// <summary>Takes it away with everything on it.</summary>
    public static void Unmount(string directory) => Run("umount", "-l", directory);

    /// <summary>Writes until nothing more fits.</summary>
    public static void Fill(string file)
    {
        using var ballast = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] block = new byte[4096];
        try
        {
            while (true)
                ballast.Write(block);
        }
        catch (IOException)
        {
            // Full, which is what was asked for.
        }
    }

    private static bool Try()
    {
        using var directory = new TempDirectory();
        bool isMounted = Run("mount", "-t", "tmpfs", "-o", $"size={Size}", "tmpfs", directory.Path) == 0;
        if (isMounted)
            Unmount(directory.Path);
        return isMounted;
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A fact that needs a disk to fill up, skipped where none may be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    /// <summary>Skips the test without the right to mount.</summary>
    public SmallDiskFactAttribute()
    {
        if (!SmallDisk.IsAvailable)
            Skip = "skipped: no right to mount a small disk";
    }
}
