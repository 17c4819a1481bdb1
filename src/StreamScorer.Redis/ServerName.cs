using System.Globalization;

namespace StreamScorer.Redis;

/// <summary>A server as <c>host:port</c>, as people and Redis write it.</summary>
internal static class ServerName
{
    private const int DefaultPort = 6379;

    /// <summary>Host and port; the port is Redis's usual one when none is given.</summary>
    public static (string Host, int Port) Split(string server)
    {
        // The last colon: an IPv6 address has others.
        int colon = server.LastIndexOf(':');
        return int.TryParse(server.AsSpan(colon + 1), CultureInfo.InvariantCulture, out int port) && colon >= 0
            ? (server[..colon].Trim('[', ']'), port)
            : (server, DefaultPort);
    }

    /// <summary>As <paramref name="server"/> says when it was told by <paramref name="teller"/>: without a host it is the teller's.</summary>
    public static string Told(string server, string teller) => server.StartsWith(':') ? Split(teller).Host + server : server;
}
