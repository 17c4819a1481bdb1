using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Web.Api;

/// <summary>One customer, from the store, scored at the moment of the request. Any instance answers for any customer, also during a rebalance.</summary>
internal static class CustomerRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/customers/{id}", ProfileAsync).WithName("getCustomer").WithSummary("A customer's tiers, signals, stage, strategy and next change");
        routes.MapGet("/v1/customers/{id}/explanation", ExplainAsync).WithName("explainCustomer").WithSummary("Every signal with its inputs and its arithmetic");
        routes.MapGet("/v1/customers/{id}/badge.svg", BadgeAsync).WithName("getBadge").WithSummary("The badge as an image, with an ETag");
    }

    private static async Task<Results<JsonHttpResult<CustomerProfile>, ProblemHttpResult>> ProfileAsync(
        string id, CustomerLookup customers, CancellationToken cancellation) =>
        await customers.FindAsync(RouteId.Decode(id), cancellation) is CustomerProfile profile
            ? TypedResults.Json(profile, WorkerJson.Default.CustomerProfile)
            : Problems.NoCustomer();

    private static async Task<Results<JsonHttpResult<CustomerExplanation>, ProblemHttpResult>> ExplainAsync(
        string id, CustomerLookup customers, CancellationToken cancellation) =>
        await customers.FindAsync(RouteId.Decode(id), cancellation, withExplanation: true) is CustomerProfile profile
            ? TypedResults.Json(new CustomerExplanation(profile.CustomerId, profile.AsOf, profile.Currency, profile.Explanation!), WorkerJson.Default.CustomerExplanation)
            : Problems.NoCustomer();

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> BadgeAsync(
        string id, string? language, CustomerLookup customers, HttpResponse response, CancellationToken cancellation)
    {
        if (language is not (null or BadgeImage.English or BadgeImage.Chinese))
            return Problems.BadRequest([$"language = {language}: allowed is {BadgeImage.English} or {BadgeImage.Chinese}"]);
        if (await customers.FindAsync(RouteId.Decode(id), cancellation) is not CustomerProfile profile)
            return Problems.NoCustomer();
        byte[] image = BadgeImage.Draw(profile, language ?? BadgeImage.English);
        // Kept, but asked for again each time: the answer is mostly 304.
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(image, "image/svg+xml", entityTag: new EntityTagHeaderValue(BadgeImage.Tag(image)));
    }
}

/// <summary>How a customer's signals came about.</summary>
/// <param name="CustomerId">Who.</param>
/// <param name="AsOf">The instant that everything here stands for.</param>
/// <param name="Currency">ISO 4217 code of all money here.</param>
/// <param name="Signals">Every signal.</param>
public sealed record CustomerExplanation(string CustomerId, DateTime AsOf, string Currency, IReadOnlyList<ExplainedSignal> Signals);
