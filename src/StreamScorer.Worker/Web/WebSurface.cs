using StreamScorer.Worker.Observability;
using StreamScorer.Worker.Web.Api;
using StreamScorer.Worker.Web.Ingest;

namespace StreamScorer.Worker.Web;

/// <summary>The routes of the web surface.</summary>
internal static class WebSurface
{
    /// <summary>Adds all routes.</summary>
    public static void Map(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(SecurityHeaders.AddAsync);
        app.UseRouting();
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
