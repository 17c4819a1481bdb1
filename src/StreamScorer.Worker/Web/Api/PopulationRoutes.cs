using Microsoft.AspNetCore.Http.HttpResults;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Customers;
using StreamScorer.Worker.Populations;

namespace StreamScorer.Worker.Web.Api;

/// <summary>All customers together.</summary>
internal static class PopulationRoutes
{
    private const int FallsDefault = 50;
    private const int FallsMax = 200;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/population", PopulationAsync).WithName("getPopulation").WithSummary("Tier counts, shares of value, Lorenz curve, Gini, quantiles");
        routes.MapGet("/v1/deadlines", DeadlinesAsync).WithName("listDeadlines").WithSummary("Who falls next if nobody does anything");
    }

    private static async Task<JsonHttpResult<PopulationReport>> PopulationAsync(PopulationReader population) =>
        TypedResults.Json((await population.ReadAsync()).Report, WorkerJson.Default.PopulationReport);

    private static async Task<Results<JsonHttpResult<FallsReport>, ProblemHttpResult>> DeadlinesAsync(
        PopulationReader population, PublishSettings publish, string[] scheme, int limit = FallsDefault)
    {
        string[] unknown = [.. scheme.Except(TierSchemes.Names)];
        if (unknown.Length > 0)
            return Problems.BadRequest([$"scheme = {string.Join(",", unknown)}: allowed is {string.Join(", ", TierSchemes.Names)}"]);
        if (limit is < 1 or > FallsMax)
            return Problems.BadRequest([$"limit = {limit}: allowed is a whole number from 1 to {FallsMax}"]);
        IReadOnlyList<string> wanted = scheme.Length > 0 ? scheme : publish.SchemeNames;
        FallsReport falls = (await population.ReadAsync()).Falls;
        return TypedResults.Json(
            falls with { Items = [.. falls.Items.Where(fall => wanted.Contains(fall.Scheme)).Take(limit)] }, WorkerJson.Default.FallsReport);
    }
}
