using Microsoft.AspNetCore.Http.HttpResults;
using StreamScorer.Worker.Observability.Health;
using StreamScorer.Worker.Observability.Prometheus;

namespace StreamScorer.Worker.Observability;

/// <summary>The routes for those who run the worker: <c>/metrics</c>, <c>/health/*</c>, <c>/v1/status</c>.</summary>
internal static class OperationsRoutes
{
    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/metrics", MetricsAsync).WithSummary("Metrics as Prometheus text, or as OpenMetrics when the Accept header asks for it");
        app.MapGet("/health/live", (HealthMonitor monitor) => Answer(monitor.Live())).WithSummary("200 while the loops turn, else 503");
        app.MapGet("/health/ready", (HealthMonitor monitor) => Answer(monitor.Ready)).WithSummary("200 while partitions are owned, loaded and near the end of the input, else 503");
        app.MapGet("/health/startup", (HealthMonitor monitor) => Answer(monitor.Started())).WithSummary("200 once the first partitions are loaded, else 503");
        app.MapGet("/v1/status", Status).WithSummary("This worker at a glance");
    }

    private static async Task MetricsAsync(HttpContext context, MetricCollector collector)
    {
        ExpositionFormat format = ExpositionFormats.Negotiate(context.Request.Headers.Accept);
        var text = new StringWriter();
        collector.Write(format, text);
        context.Response.ContentType = format.ContentType();
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    private static JsonHttpResult<HealthReport> Answer(HealthReport report) => TypedResults.Json(
        report, OperationsJson.Default.HealthReport, statusCode: report.IsOk ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

    private static JsonHttpResult<StatusReport> Status(StatusReader status, HealthMonitor monitor) =>
        TypedResults.Json(status.Read(monitor.Ready), OperationsJson.Default.StatusReport);
}
