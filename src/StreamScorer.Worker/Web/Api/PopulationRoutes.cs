using Microsoft.AspNetCore.Http.HttpResults;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Web.Api;

/// <summary>All customers together.</summary>
internal static class PopulationRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/population", PopulationAsync).WithName("getPopulation").WithSummary("Tier counts, shares of value, Lorenz curve, Gini, quantiles");
    }

    private static async Task<JsonHttpResult<PopulationReport>> PopulationAsync(PopulationReader population) =>
        TypedResults.Json(await population.ReadAsync(), WorkerJson.Default.PopulationReport);
}
