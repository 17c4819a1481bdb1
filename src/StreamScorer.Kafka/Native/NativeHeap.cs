using System.Runtime.InteropServices;

namespace StreamScorer.Kafka.Native;

/// <summary>The memory that librdkafka works in.</summary>
internal static partial class NativeHeap
{
    /// <summary>Whether the C library can be told to; only glibc can.</summary>
    public static bool CanTrim { get; } =
        OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out _);

    /// <summary>
    /// Gives what is free back to the system: behind a backlog that is hundreds of megabytes, which the C library keeps and nobody needs any more. Other threads that allocate
    /// may wait for it some milliseconds. Does nothing where it cannot (<see cref="CanTrim"/>).
    /// </summary>
    public static void Trim()
    {
        if (CanTrim)
            MallocTrim(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint keepBytes);
}
