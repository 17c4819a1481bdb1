using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace StreamScorer.Redis;

/// <summary>
/// Streams hashes out of Redis over a connection of its own. The client library makes four objects of a field and reads a reply that has arrived in part again
/// from its start, which for a million customers is seconds.
/// </summary>
internal sealed class HashScan : IAsyncDisposable
{
    // The server makes a page at one go: about a millisecond in which others wait.
    private const int FieldsPerPage = 1_000;

    private readonly TcpClient client;
    private readonly Stream stream;
    private readonly TimeSpan replyTimeout;
    private readonly RespReader reader;

    private HashScan(TcpClient client, Stream stream, TimeSpan replyTimeout)
    {
        (this.client, this.stream, this.replyTimeout) = (client, stream, replyTimeout);
        reader = new RespReader(stream);
    }

    /// <summary>Receives a field and its value; the spans are valid during the call.</summary>
    public delegate void Take(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value);

    /// <summary>Connects to the server that has the hashes.</summary>
    /// <exception cref="IOException">It refused.</exception>
    public static async Task<HashScan> OpenAsync(EndPoint server, RedisOptions options, CancellationToken cancellation)
    {
        (string host, int port) = server is DnsEndPoint named ? (named.Host, named.Port) : (((IPEndPoint)server).Address.ToString(), ((IPEndPoint)server).Port);
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(host, port, cancellation).AsTask().WaitAsync(options.ConnectTimeout, cancellation);
            Stream stream = client.GetStream();
            if (options.Ssl)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellation);
                stream = secure;
            }
            var scan = new HashScan(client, stream, options.ReplyTimeout);
            if (options.Password is { } password)
                await scan.AuthenticateAsync(password, cancellation);
            return scan;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Hands over all fields of a hash. The next page is asked for as soon as its cursor has come, so that the server makes it while this one is taken.
    /// </summary>
    /// <returns>How many there were; one that the server moved meanwhile may come twice.</returns>
    /// <exception cref="IOException">The connection was lost, or the server refused.</exception>
    /// <exception cref="TimeoutException">Nothing came for the reply timeout.</exception>
    public async Task<long> RunAsync(string key, Take take, CancellationToken cancellation)
    {
        long taken = 0;
        string cursor = "0";
        await AskAsync();
        do
        {
            while (!reader.TryReadArray(out _))
                await FillAsync(cancellation);
            while (!TryReadCursor(out cursor))
                await FillAsync(cancellation);
            if (cursor != "0")
                await AskAsync();
            int fields;
            while (!reader.TryReadArray(out fields))
                await FillAsync(cancellation);
            for (int left = fields / 2; (left -= TakeArrived(take, left)) > 0;)
                await FillAsync(cancellation);
            taken += fields / 2;
        }
        while (cursor != "0");
        return taken;

        Task AskAsync() => SendAsync(["HSCAN", key, cursor, "COUNT", FieldsPerPage.ToString(CultureInfo.InvariantCulture)], cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        client.Dispose();
    }

    private bool TryReadCursor(out string cursor)
    {
        bool isRead = reader.TryReadText(out ReadOnlySpan<byte> text);
        cursor = Encoding.ASCII.GetString(text);
        return isRead;
    }

    private int TakeArrived(Take take, int most)
    {
        int taken = 0;
        for (; taken < most && reader.TryReadTexts(out ReadOnlySpan<byte> field, out ReadOnlySpan<byte> value); taken++)
            take(field, value);
        return taken;
    }

    private async Task AuthenticateAsync(string password, CancellationToken cancellation)
    {
        await SendAsync(["AUTH", password], cancellation);
        while (!reader.TryReadStatus())
            await FillAsync(cancellation);
    }

    private async Task SendAsync(string[] command, CancellationToken cancellation)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (string argument in command)
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(argument)}\r\n{argument}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
    }

    private async ValueTask FillAsync(CancellationToken cancellation) => await reader.FillAsync(cancellation).AsTask().WaitAsync(replyTimeout, cancellation);
}
