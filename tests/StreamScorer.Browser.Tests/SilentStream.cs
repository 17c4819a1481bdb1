using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StreamScorer.Browser.Tests;

/// <summary>A stream that speaks once and then stays open without a word, as behind a proxy that no longer knows its other end.</summary>
internal sealed class SilentStream : IAsyncDisposable
{
    private readonly WebApplication server;

    private SilentStream(WebApplication server) => this.server = server;

    /// <summary>Its address.</summary>
    public string Address => server.Urls.First();

    /// <summary>Opens it on a free port.</summary>
    /// <param name="promisedSeconds">Within which it promises to speak again.</param>
    /// <param name="events">What it says before, as text of server-sent events.</param>
    public static async Task<SilentStream> OpenAsync(int promisedSeconds, string events = "")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication server = builder.Build();
        server.MapGet("/", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"{events}event: heartbeat\ndata: {{\"withinSeconds\":{promisedSeconds}}}\n\n");
            await context.Response.Body.FlushAsync();
            var gone = new TaskCompletionSource();
            await using CancellationTokenRegistration left = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        });
        await server.StartAsync();
        return new SilentStream(server);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();
}
