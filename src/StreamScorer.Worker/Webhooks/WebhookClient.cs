using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Webhooks;

/// <summary>Posts one signed message. Follows no redirect, uses no proxy, and decides on the address that it really connects to, not on its name.</summary>
internal sealed class WebhookClient : IDisposable
{
    private readonly HttpClient http;
    private readonly bool allowPrivate;
    private readonly TimeProvider time;

    public WebhookClient(WebhookSettings settings, TimeProvider time)
    {
        (allowPrivate, this.time) = (settings.AllowPrivateAddresses, time);
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        { Timeout = settings.AnswerMax };
    }

    /// <summary>Posts a message once.</summary>
    /// <param name="endpoint">To whom.</param>
    /// <param name="transitionId">What it is about; makes the message id.</param>
    /// <param name="body">CloudEvents JSON.</param>
    /// <returns>Null when the endpoint took it, else why not.</returns>
    public async Task<string?> PostAsync(WebhookEndpoint endpoint, string transitionId, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        string messageId = WebhookSignature.MessageId(transitionId);
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        request.Headers.Add("webhook-id", messageId);
        request.Headers.Add("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(endpoint.Secrets, messageId, now, body.Span));
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.IsSuccessStatusCode ? null : $"answered {(int)answer.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.InnerException?.Message ?? e.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "no answer in time";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        IPAddress[] allowed = [.. addresses.Where(address => allowPrivate || IsPublic(address))];
        if (allowed.Length == 0)
            throw new HttpRequestException($"{context.DnsEndPoint.Host} is on a private network; Webhooks:AllowPrivateAddresses = true allows it");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Not loopback, link-local, private (RFC 1918, RFC 4193), shared (RFC 6598), multicast or reserved.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return !(IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6UniqueLocal || address.IsIPv6Multicast
                || address.Equals(IPAddress.IPv6None));
        }
        byte[] octets = address.GetAddressBytes();
        return octets[0] switch
        {
            0 or 10 or 127 or >= 224 => false,
            100 => octets[1] is < 64 or > 127,
            169 => octets[1] != 254,
            172 => octets[1] is < 16 or > 31,
            192 => octets[1] != 168,
            _ => true,
        };
    }
}
