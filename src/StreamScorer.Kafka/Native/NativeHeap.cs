using System.Runtime.InteropServices;

namespace StreamScorer.Kafka.Native;

/// <summary>The memory that librdkafka works in.</summary>
internal static partial class NativeHeap
{
    /// <summary>
    /// Gives what is free back to the system: behind a backlog that is hundreds of megabytes, which the C library keeps and nobody needs any more. Other threads that allocate
    /// may wait for it some milliseconds. Does nothing where the C library is another than glibc.
    /// </summary>
    public static void Trim()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out _))
            MallocTrim(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint keepBytes);
}
