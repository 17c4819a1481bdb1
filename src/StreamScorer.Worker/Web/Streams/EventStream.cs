using System.Text;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Worker.Web.Streams;

/// <summary>
/// What both kinds of streams share: headers, the end with its reason, and the limit on their number. A stream is cut without a reason only when the client or
/// the network does it.
/// </summary>
internal abstract class EventStream(TransitionFeed feed, TransitionFilter filter, long[]? from) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext context)
    {
        var limit = context.RequestServices.GetRequiredService<StreamLimit>();
        if (!limit.TryEnter())
        {
            context.Response.Headers.RetryAfter = "5";
            await Problems.TooManyStreams(limit.Max).ExecuteAsync(context);
            return;
        }
        try
        {
            await ServeAsync(context);
        }
        finally
        {
            limit.Leave();
        }
    }

    /// <summary>Writes events until the reader is let go.</summary>
    protected abstract Task WriteAsync(FeedReader reader, EventWriter events, CancellationToken cancellation);

    private async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = EventWriter.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        var events = new EventWriter(context.Response.BodyWriter, feed.HeartbeatInterval);
        events.Begin();
        // An open stream would hold the server's graceful stop for its whole time limit.
        CancellationToken stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await using FeedReader reader = feed.Open(filter, from);
        try
        {
            await events.FlushAsync(ended.Token);
            await WriteAsync(reader, events, ended.Token);
            await CloseAsync(events, "slow-client");
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested && stopping.IsCancellationRequested)
        {
            await CloseAsync(events, "stopping");
        }
        catch (OperationCanceledException)
        {
            // The client went away.
        }
        catch (TransitionSinkException)
        {
            await CloseAsync(events, "output-unavailable");
        }
    }

    private static async Task CloseAsync(EventWriter events, string reason)
    {
        events.Event("closed", null, Encoding.UTF8.GetBytes($$"""{"reason":"{{reason}}"}"""));
        await events.FlushAsync(CancellationToken.None);
    }
}
