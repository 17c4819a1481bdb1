using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace StreamScorer.Redis;

/// <summary>
/// A connection to one server beside those of the client library, for what that one makes several objects of each field for. One conversation at a time.
/// </summary>
internal sealed class RespConnection : IAsyncDisposable
{
    private const int KeepAliveS = 60;
    private readonly Socket socket;
    private readonly Stream stream;

    private RespConnection(Socket socket, Stream stream, int receiveBytes)
    {
        (this.socket, this.stream) = (socket, stream);
        Replies = new RespReader(stream, receiveBytes);
    }

    /// <summary>Whether the other side has hung up, as servers and what is between do with a connection on which nothing was said for long. For between two conversations.</summary>
    public bool IsHungUp => socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;

    /// <summary>What comes back.</summary>
    public RespReader Replies { get; }

    /// <summary>Connects, encrypts and signs in as the options say.</summary>
    /// <param name="receiveBytes">What may arrive at once.</param>
    /// <exception cref="IOException">It refused, or the connection was lost.</exception>
    /// <exception cref="SocketException">It cannot be reached.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public static async Task<RespConnection> OpenAsync(EndPoint server, RedisOptions options, int receiveBytes, CancellationToken cancellation)
    {
        (string host, int port) = server is DnsEndPoint named ? (named.Host, named.Port) : (((IPEndPoint)server).Address.ToString(), ((IPEndPoint)server).Port);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.ConnectTimeout);
        var client = new TcpClient { NoDelay = true };
        client.Client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        client.Client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveS);
        try
        {
            await client.ConnectAsync(host, port, limit.Token);
            Stream stream = client.GetStream();
            if (options.Ssl)
            {
                var secure = new SslStream(stream);
                stream = secure;
                await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, limit.Token);
            }
            var connection = new RespConnection(client.Client, stream, receiveBytes);
            await connection.SignInAsync(options.Password, limit.Token);
            return connection;
        }
        catch (Exception exception)
        {
            client.Dispose();
            if (exception is OperationCanceledException && !cancellation.IsCancellationRequested)
                throw new TimeoutException($"Redis did not answer within {options.ConnectTimeout}", exception);
            throw;
        }
    }

    /// <summary>Sends commands.</summary>
    /// <exception cref="IOException">The connection was lost.</exception>
    public ValueTask SendAsync(RespWriter commands, CancellationToken cancellation) => stream.WriteAsync(commands.Written, cancellation);

    /// <summary>The next reply that is no refusal. The elements of an array follow as replies of their own.</summary>
    /// <exception cref="IOException">The server refused, or the connection was lost.</exception>
    public async ValueTask<RespReply> ReplyAsync(CancellationToken cancellation)
    {
        RespReply reply;
        while (!Replies.TryReadReply(out reply))
            await Replies.FillAsync(cancellation);
        return reply;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task SignInAsync(string? password, CancellationToken cancellation)
    {
        var commands = new RespWriter();
        if (password is not null)
            commands.Command("AUTH", 1).Add(password);
        commands.Command("CLIENT", 2).Add("SETNAME"u8).Add("streamscorer"u8);
        await SendAsync(commands, cancellation);
        for (int reply = password is null ? 1 : 0; reply < 2; reply++)
            await ReplyAsync(cancellation);
    }
}
