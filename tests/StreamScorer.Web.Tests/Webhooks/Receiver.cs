using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StreamScorer.Web.Tests.Webhooks;

/// <summary>A real endpoint on loopback that answers as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<Delivery> deliveries = Channel.CreateUnbounded<Delivery>();

    private Receiver(Func<Delivery, int> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/{**path}", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            string body = await reader.ReadToEndAsync();
            string Header(string name) => context.Request.Headers[name].ToString();
            var delivery = new Delivery(context.Request.Path, Header("webhook-id"), long.Parse(Header("webhook-timestamp")), Header("webhook-signature"), body);
            int status = answer(delivery);
            context.Response.StatusCode = status;
            if (status is 302)
                context.Response.Headers.Location = "/moved";
            deliveries.Writer.TryWrite(delivery with { Answered = status });
        });
    }

    /// <summary>Where it listens.</summary>
    public string Url => app.Urls.First() + "/hook";

    /// <summary>Starts one.</summary>
    public static async Task<Receiver> StartAsync(Func<Delivery, int> answer)
    {
        var receiver = new Receiver(answer);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>The next request that came in, whatever was answered. Pauses between repeats double, so that it can take as long again as all before it.</summary>
    public async Task<Delivery> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        return await deliveries.Reader.ReadAsync(patience.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}

/// <summary>A request as it came in.</summary>
internal sealed record Delivery(string Path, string Id, long Timestamp, string Signature, string Body)
{
    /// <summary>HTTP status that the receiver gave.</summary>
    public int Answered { get; init; }

    /// <summary>The event's data.</summary>
    public JsonElement Data => JsonDocument.Parse(Body).RootElement.GetProperty("data");

    /// <summary>Whose.</summary>
    public string Customer => Data.GetProperty("customerId").GetString()!;

    /// <summary>Tier after the transition.</summary>
    public string To => Data.GetProperty("to").GetString()!;

    /// <summary>What is signed.</summary>
    public byte[] Signed => Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}");
}
