using System.ComponentModel.DataAnnotations;

namespace StreamScorer.Worker.Configuration;

/// <summary>Keys <c>Telemetry:*</c>: metrics and traces by OTLP, beside <c>/metrics</c>, which needs none of them.</summary>
public sealed record TelemetrySettings
{
    /// <summary>
    /// Address of an OpenTelemetry collector that takes OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>; empty = nothing is sent. Headers and certificates
    /// come from the standard variables <c>OTEL_EXPORTER_OTLP_*</c>.
    /// </summary>
    [HttpAddress]
    public string OtlpEndpoint { get; init; } = "";

    /// <summary>Time between two exports of the metrics.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ExportInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Share of batches that are traced without a reason; one whose events are traced always is.</summary>
    [Range(0.0, 1.0)]
    public double SampleRatio { get; init; } = 0.01;
}

/// <summary>An http or https address without a path, or empty.</summary>
public sealed class HttpAddressAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "an address such as http://127.0.0.1:4318, or empty";

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is string text
        && (text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/"));
}
