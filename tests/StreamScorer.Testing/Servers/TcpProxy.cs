using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace StreamScorer.Testing.Servers;

/// <summary>
/// A network between a client and a server on 127.0.0.1 that can be cut, and led to another server as after a failover. Disposing closes everything.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> connections = [];
    private readonly Task accepting;
    private volatile int port;
    private volatile bool cut;

    /// <param name="port">The server's port.</param>
    public TcpProxy(int port)
    {
        this.port = port;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary><c>127.0.0.1:port</c> for the client.</summary>
    public string Endpoint => listener.LocalEndpoint.ToString()!;

    /// <summary>Breaks all connections and refuses new ones.</summary>
    public void Cut()
    {
        cut = true;
        foreach (TcpClient connection in connections.Keys)
            connection.Close();
    }

    /// <summary>Breaks one of the connections, wherever in a message it is.</summary>
    /// <param name="number">Chooses which; any number.</param>
    public void CutOne(int number)
    {
        TcpClient[] open = [.. connections.Keys];
        if (open.Length > 0)
            open[number % open.Length].Close();
    }

    /// <summary>Takes connections again, to <paramref name="port"/>.</summary>
    public void Heal(int port)
    {
        this.port = port;
        cut = false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Cut();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = ConnectAsync(await listener.AcceptTcpClientAsync());
    }

    private async Task ConnectAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            (connections[client], connections[server]) = (true, true);
            try
            {
                // Looked at behind the registration, which Cut looks at behind it: one of the two sees the other.
                if (cut)
                    return;
                await server.ConnectAsync(IPAddress.Loopback, port);
                await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // Either side is gone: the other one learns it by the closed connection.
            }
            finally
            {
                connections.TryRemove(client, out _);
                connections.TryRemove(server, out _);
            }
        }
    }
}
