using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using StreamScorer.Engine.Commit;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Web;

/// <summary>The routes of the web surface.</summary>
internal static class WebSurface
{
    /// <summary>Adds all routes.</summary>
    public static void Map(WebApplication app)
    {
        app.Use(SecurityHeaders.AddAsync);
        app.Use(AnswerUnavailableAsync);
        app.MapGet("/", Page.Serve);
        app.MapGet("/assets/{name}", Page.ServeAsset);
        app.MapGet("/v1/customers/{id}", CustomerAsync);
        app.MapGet("/v1/population", PopulationAsync);
        app.MapGet("/v1/streams/transitions", Transitions);
    }

    private static async Task AnswerUnavailableAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (StateStoreException e) when (!context.Response.HasStarted)
        {
            await TypedResults.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable, title: "Store unavailable").ExecuteAsync(context);
        }
    }

    private static async Task<Results<JsonHttpResult<CustomerProfile>, ProblemHttpResult>> CustomerAsync(
        string id, CustomerLookup customers, CancellationToken cancellation) =>
        await customers.FindAsync(id, cancellation) is CustomerProfile profile
            ? TypedResults.Json(profile, WorkerJson.Default.CustomerProfile)
            : TypedResults.Problem("No event of this customer has been applied.", statusCode: StatusCodes.Status404NotFound, title: "No such customer");

    private static async Task<JsonHttpResult<PopulationReport>> PopulationAsync(PopulationReader population) =>
        TypedResults.Json(await population.ReadAsync(), WorkerJson.Default.PopulationReport);

    private static Results<ServerSentEventsResult<string>, ProblemHttpResult> Transitions(
        TransitionFeed feed, HttpSettings settings, IHostApplicationLifetime lifetime, HttpContext context)
    {
        if (feed.OpenStreams >= settings.StreamsMax)
        {
            return TypedResults.Problem(
                $"Http:StreamsMax = {settings.StreamsMax} streams are open.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "Too many streams");
        }
        return TypedResults.ServerSentEvents(ItemsAsync(feed, lifetime, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<string>> ItemsAsync(
        TransitionFeed feed, IHostApplicationLifetime lifetime, [EnumeratorCancellation] CancellationToken aborted)
    {
        // An open stream would hold the server's graceful stop for its whole time limit.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        await using IAsyncEnumerator<FeedItem> items = feed.FollowAsync(ended.Token).GetAsyncEnumerator(ended.Token);
        while (await MovedAsync(items))
            yield return new SseItem<string>(items.Current.Json, "transition") { EventId = items.Current.Id };
    }

    private static async ValueTask<bool> MovedAsync(IAsyncEnumerator<FeedItem> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
