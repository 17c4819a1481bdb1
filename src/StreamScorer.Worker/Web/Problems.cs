using Microsoft.AspNetCore.Http.HttpResults;
using StreamScorer.Worker.Web.Ingest;

namespace StreamScorer.Worker.Web;

/// <summary>The errors of the API as RFC 9457 problem details; each says what was asked, what is wrong and what is allowed.</summary>
internal static class Problems
{
    /// <summary>Any problem.</summary>
    public static ProblemHttpResult Of(int status, string title, string detail) => TypedResults.Problem(detail, statusCode: status, title: title);

    /// <summary>404 for a customer.</summary>
    public static ProblemHttpResult NoCustomer() =>
        TypedResults.Problem("No event of this customer has been applied.", statusCode: StatusCodes.Status404NotFound, title: "No such customer");

    /// <summary>400: one line for each parameter that is wrong.</summary>
    public static ProblemHttpResult BadRequest(IReadOnlyCollection<string> errors) => TypedResults.Problem(
        string.Join("; ", errors),
        statusCode: StatusCodes.Status400BadRequest,
        title: "Bad request",
        extensions: new Dictionary<string, object?> { ["errors"] = errors });

    /// <summary>422: not one of the events can be used.</summary>
    public static ProblemHttpResult NoUsableEvent(IReadOnlyCollection<EventError> errors) => TypedResults.Problem(
        errors.Count == 0 ? "The body holds no event." : "None of the events can be used.",
        statusCode: StatusCodes.Status422UnprocessableEntity,
        title: "No usable event",
        extensions: new Dictionary<string, object?> { ["errors"] = errors });

    /// <summary>503: the limit of streams is reached.</summary>
    public static ProblemHttpResult TooManyStreams(int max) => TypedResults.Problem(
        $"Http:StreamsMax = {max} streams are open.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "Too many streams");
}
