using StreamScorer.Worker.Observability;
using StreamScorer.Worker.Web.Api;
using StreamScorer.Worker.Web.Ingest;
using StreamScorer.Worker.Web.Security;

namespace StreamScorer.Worker.Web;

/// <summary>The routes of the web surface.</summary>
internal static class WebSurface
{
    /// <summary>Adds all routes.</summary>
    public static void Map(WebApplication app)
    {
        app.Use(SecurityHeaders.AddAsync);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRateLimiter();
        app.UseRouting();
        app.Use(app.Services.GetRequiredService<AccessControl>().CheckAsync);
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapGet("/", () => Page.ServeAsset("board.html")).ExcludeFromDescription();
        app.MapGet("/agent", () => Page.ServeAsset("agent.html")).ExcludeFromDescription();
        app.MapGet("/assets/{name}", Page.ServeAsset).ExcludeFromDescription();
        CustomerRoutes.Map(app);
        PopulationRoutes.Map(app);
        TransitionRoutes.Map(app);
        IngestRoutes.Map(app);
        OperationsRoutes.Map(app);
    }
}
