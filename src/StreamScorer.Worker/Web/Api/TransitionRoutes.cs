using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Customers;
using StreamScorer.Worker.Web.Streams;

namespace StreamScorer.Worker.Web.Api;

/// <summary>Published transitions: in pages, and as streams of server-sent events.</summary>
internal static class TransitionRoutes
{
    private const int PageMax = 1_000;
    private const int PageDefault = 100;
    private const int BadgesMax = 100;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/transitions", PageAsync).WithName("listTransitions").WithSummary("Published transitions, cursor paged")
            .Produces<JsonElement>(StatusCodes.Status200OK, "application/json").ProducesProblem(StatusCodes.Status400BadRequest)
            .Describe([TransitionParameters.After, TransitionParameters.Number("limit", "Most items.", 1, PageMax, PageDefault), .. TransitionParameters.Filters()]);
        routes.MapGet("/v1/streams/transitions", StreamAsync).WithName("streamTransitions").WithSummary("Every transition as it is published (server-sent events)")
            .Produces<string>(StatusCodes.Status200OK, EventWriter.ContentType).ProducesProblem(StatusCodes.Status400BadRequest)
            .Describe([
                TransitionParameters.LastEventId, TransitionParameters.After, .. TransitionParameters.Filters(),
                TransitionParameters.Number("recent", "Without a cursor: so many of the newest come first.", 0, PageMax, 0)]);
        routes.MapGet("/v1/streams/badges", StreamBadges).WithName("streamBadges").WithSummary("Customers scored now, and again after each transition (server-sent events)")
            .Produces<string>(StatusCodes.Status200OK, EventWriter.ContentType).ProducesProblem(StatusCodes.Status400BadRequest)
            .Describe([TransitionParameters.LastEventId, TransitionParameters.After, TransitionParameters.Customers(BadgesMax)]);
    }

    private static async Task<IResult> PageAsync(
        HttpRequest request, TransitionFeed feed, TransitionHistory history, ScoringRules rules, CancellationToken cancellation)
    {
        var errors = new List<string>();
        TransitionFilter filter = TransitionFilter.Read(name => request.Query[name], errors);
        long[]? after = Position(request.Query["after"], "after", feed, errors);
        int limit = Number(request.Query["limit"], "limit", 1, PageDefault, errors);
        if (errors.Count > 0)
            return Problems.BadRequest(errors);
        TransitionPage page = after is null
            ? await history.NewestAsync(filter, limit, cancellation)
            : await history.AfterAsync(filter, after, limit, cancellation);
        return new TransitionPageResult(page, rules.Policy.BaseCurrency);
    }

    private static async Task<IResult> StreamAsync(HttpRequest request, TransitionFeed feed, TransitionHistory history, CancellationToken cancellation)
    {
        var errors = new List<string>();
        TransitionFilter filter = TransitionFilter.Read(name => request.Query[name], errors);
        long[]? from = ResumeFrom(request, feed, errors);
        int recent = Number(request.Query["recent"], "recent", 0, 0, errors);
        if (errors.Count > 0)
            return Problems.BadRequest(errors);
        if (from is not null || recent == 0)
            return new TransitionStream(feed, filter, from, []);
        TransitionPage newest = await history.NewestAsync(filter, recent, cancellation);
        Cursor.TryParse(newest.Next, feed.PartitionCount, out from);
        return new TransitionStream(feed, filter, from, newest.Items);
    }

    private static IResult StreamBadges(HttpRequest request, TransitionFeed feed, CustomerLookup customers)
    {
        var errors = new List<string>();
        var asked = request.Query["customer"].OfType<string>().Where(id => id.Length > 0).ToHashSet(StringComparer.Ordinal);
        if (asked.Count is 0 or > BadgesMax)
            errors.Add($"customer: given are {asked.Count} ids, allowed are 1 to {BadgesMax}");
        long[]? from = ResumeFrom(request, feed, errors);
        return errors.Count > 0
            ? Problems.BadRequest(errors)
            : new BadgeStream(feed, customers, TransitionFilter.All with { Customers = asked }, from);
    }

    /// <summary>What the client saw last; on its first connect it may say it in the query, because a browser's EventSource cannot set the header.</summary>
    private static long[]? ResumeFrom(HttpRequest request, TransitionFeed feed, List<string> errors) =>
        request.Headers["Last-Event-ID"].FirstOrDefault() is { Length: > 0 } last
            ? Position(last, "Last-Event-ID", feed, errors)
            : Position(request.Query["after"], "after", feed, errors);

    private static long[]? Position(string? text, string field, TransitionFeed feed, List<string> errors)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (Cursor.TryParse(text, feed.PartitionCount, out long[] positions))
            return positions;
        errors.Add($"{field}: not a cursor of this output; allowed is what next or an event's id said");
        return null;
    }

    private static int Number(string? text, string field, int min, int absent, List<string> errors)
    {
        if (text is null)
            return absent;
        if (int.TryParse(text, out int number) && number >= min && number <= PageMax)
            return number;
        errors.Add($"{field} = {text}: allowed is a whole number from {min} to {PageMax}");
        return absent;
    }

    /// <summary>Writes the items as they were published, byte for byte.</summary>
    private sealed class TransitionPageResult(TransitionPage page, string currency) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json";
            await using (var json = new Utf8JsonWriter(httpContext.Response.BodyWriter))
            {
                json.WriteStartObject();
                json.WriteStartArray("items");
                foreach (FeedItem item in page.Items)
                    json.WriteRawValue(item.Json.Span, skipInputValidation: true);
                json.WriteEndArray();
                json.WriteString("next", page.Next);
                json.WriteBoolean("more", page.More);
                json.WriteString("currency", currency);
                json.WriteEndObject();
            }
            await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }
    }
}
