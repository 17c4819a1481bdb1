using Microsoft.Net.Http.Headers;

namespace StreamScorer.Worker.Observability.Prometheus;

/// <summary>The two text formats of metrics.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus text format 0.0.4.</summary>
    Prometheus,

    /// <summary>OpenMetrics 1.0: with units, exemplars and an end mark.</summary>
    OpenMetrics,
}

/// <summary>Choice between the formats.</summary>
internal static class ExpositionFormats
{
    private const string OpenMetricsType = "application/openmetrics-text", PrometheusType = "text/plain";

    /// <summary>The format that an <c>Accept</c> header prefers; Prometheus text when it does not say.</summary>
    public static ExpositionFormat Negotiate(IList<string?> accept)
    {
        if (!MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out IList<MediaTypeHeaderValue>? accepted))
            return ExpositionFormat.Prometheus;
        double openMetrics = QualityOf(accepted, OpenMetricsType);
        return openMetrics > 0 && openMetrics >= QualityOf(accepted, PrometheusType) ? ExpositionFormat.OpenMetrics : ExpositionFormat.Prometheus;
    }

    /// <summary>Content type of an answer.</summary>
    public static string ContentType(this ExpositionFormat format) => format == ExpositionFormat.OpenMetrics
        ? OpenMetricsType + "; version=1.0.0; charset=utf-8"
        : PrometheusType + "; version=0.0.4; charset=utf-8";

    // A wildcard asks for nothing in particular, so it does not ask for OpenMetrics.
    private static double QualityOf(IEnumerable<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Where(value => value.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(value => value.Quality ?? 1).DefaultIfEmpty(0).Max();
}
