using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StreamScorer.Redis;

/// <summary>
/// A connection to one server that one caller has to itself, so that a reply can be nobody else's. One conversation at a time. After any exception it must not be
/// used any more: a reply that still comes would be taken for the next one's.
/// </summary>
internal sealed class RespConnection : IAsyncDisposable
{
    /// <summary>What may arrive at once unless more room is made: most replies are a few bytes.</summary>
    public const int ReceiveBytes = 4 * 1024;
    private const int KeepAliveS = 60;
    private readonly Socket socket;
    private readonly Stream stream;
    private readonly TimeSpan replyTimeout;

    private RespConnection(string server, Socket socket, Stream stream, TimeSpan replyTimeout)
    {
        (Server, this.socket, this.stream, this.replyTimeout) = (server, socket, stream, replyTimeout);
        Replies = new RespReader(stream, ReceiveBytes);
    }

    /// <summary>Where it leads, as <c>host:port</c>.</summary>
    public string Server { get; }

    /// <summary>What comes back.</summary>
    public RespReader Replies { get; }

    /// <summary>
    /// Whether a conversation can begin. Not when the other side has hung up, as servers and what is between do with a connection on which nothing was said for long;
    /// nor when something has arrived that nobody has asked for.
    /// </summary>
    public bool IsReady => Replies.IsEmpty && !socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects, encrypts and signs in as the options say.</summary>
    /// <param name="server"><c>host:port</c>.</param>
    /// <exception cref="IOException">It refused, or the connection was lost.</exception>
    /// <exception cref="SocketException">It cannot be reached.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public static async Task<RespConnection> OpenAsync(string server, RedisOptions options, CancellationToken cancellation)
    {
        (string host, int port) = ServerName.Split(server);
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
                stream = await EncryptAsync(stream, host, options, limit.Token);
            var connection = new RespConnection(server, client.Client, stream, options.ReplyTimeout);
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
    /// <exception cref="TimeoutException">The server does not take them.</exception>
    public async ValueTask SendAsync(RespWriter commands, CancellationToken cancellation)
    {
        ValueTask sending = stream.WriteAsync(commands.Written, cancellation);
        if (sending.IsCompletedSuccessfully)
            await sending;
        else
            await InTimeAsync(sending.AsTask(), cancellation);
    }

    /// <summary>The next reply that is no refusal. The elements of an array follow as replies of their own.</summary>
    /// <exception cref="RespRefusal">The server refused.</exception>
    /// <exception cref="IOException">The connection was lost.</exception>
    /// <exception cref="TimeoutException">Nothing came in time.</exception>
    public async ValueTask<RespReply> ReplyAsync(CancellationToken cancellation)
    {
        RespReply reply;
        while (!Replies.TryReadReply(out reply))
            await FillAsync(cancellation);
        return reply;
    }

    /// <summary>As <see cref="ReplyAsync"/>, but an array with its elements.</summary>
    public async ValueTask<RespReply> WholeReplyAsync(CancellationToken cancellation)
    {
        RespReply reply = await ReplyAsync(cancellation);
        if (!reply.IsArray || reply.IsNone)
            return reply;
        var elements = new RespReply[reply.Number];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = await WholeReplyAsync(cancellation);
        return reply with { Elements = elements };
    }

    /// <summary>One command and its whole reply.</summary>
    /// <exception cref="RespRefusal">The server refused.</exception>
    /// <exception cref="IOException">The connection was lost.</exception>
    /// <exception cref="TimeoutException">There was no reply in time.</exception>
    public async Task<RespReply> AskAsync(Action<RespWriter> write, CancellationToken cancellation)
    {
        var question = new RespWriter();
        write(question);
        await SendAsync(question, cancellation);
        return await WholeReplyAsync(cancellation);
    }

    /// <summary>Waits for more of what comes back.</summary>
    /// <exception cref="IOException">The connection was lost.</exception>
    /// <exception cref="TimeoutException">Nothing came in time.</exception>
    public async ValueTask FillAsync(CancellationToken cancellation) => await InTimeAsync(Replies.FillAsync(cancellation).AsTask(), cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static async Task<Stream> EncryptAsync(Stream plain, string host, RedisOptions options, CancellationToken cancellation)
    {
        var authentication = new SslClientAuthenticationOptions { TargetHost = host };
        if (options.CaFile is { } file)
        {
            authentication.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            Import(authentication.CertificateChainPolicy.CustomTrustStore, file);
        }
        var secure = new SslStream(plain);
        await secure.AuthenticateAsClientAsync(authentication, cancellation);
        return secure;
    }

    // Read for each connection, and so perhaps while it is being replaced.
    private static void Import(X509Certificate2Collection authorities, string file)
    {
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is CryptographicException or UnauthorizedAccessException)
        {
            throw new IOException($"{file} (Redis:CaFile) cannot be read as certificates in PEM: {exception.Message}", exception);
        }
    }

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

    private async Task InTimeAsync(Task task, CancellationToken cancellation)
    {
        try
        {
            await task.WaitAsync(replyTimeout, cancellation);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"Redis did not reply within {replyTimeout}", exception);
        }
    }
}
