using System.Globalization;
using System.Runtime.InteropServices;

namespace StreamScorer.TestBroker;

/// <summary>
/// Lets a broker's answers go out at once, as those of a real one do. The cluster leaves its sockets as the system makes them: then an answer waits until the client has
/// acknowledged the one before it (Nagle's algorithm), for up to 40 ms when several requests are under way. Linux.
/// </summary>
internal static partial class ImmediateAnswers
{
    private const int SocketLevel = 1, AcceptsConnections = 30, TcpLevel = 6, NoDelay = 1;

    /// <summary>For all connections that this process accepts from now on: they take it over from the socket that listens.</summary>
    public static void Enable()
    {
        foreach (string open in Directory.EnumerateFiles("/proc/self/fd"))
        {
            int socket = int.Parse(Path.GetFileName(open), CultureInfo.InvariantCulture), size = sizeof(int);
            if (GetOption(socket, SocketLevel, AcceptsConnections, out int listens, ref size) == 0 && listens != 0)
                _ = SetOption(socket, TcpLevel, NoDelay, 1, sizeof(int));
        }
    }

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int GetOption(int socket, int level, int option, out int value, ref int size);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int SetOption(int socket, int level, int option, in int value, int size);
}
