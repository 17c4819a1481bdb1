using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace StreamScorer.Worker.Observability.Prometheus;

/// <summary>
/// From an instrument's name and unit to a metric family's, as the OpenTelemetry specification maps them (Prometheus and OpenMetrics Compatibility, 2024):
/// dots become underscores, the unit a suffix in words, annotations in braces vanish. Counters get <c>_total</c> where they are written.
/// </summary>
internal static partial class PrometheusName
{
    private static readonly Dictionary<string, string> units = new() { ["s"] = "seconds", ["ms"] = "milliseconds", ["By"] = "bytes", ["%"] = "percent" };

    /// <summary>Name of the family.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="kind">Its type.</param>
    public static string Of(Instrument instrument, FamilyKind kind)
    {
        string name = NotAllowed().Replace(instrument.Name, "_");
        // Prometheus reads the ending as the number of a histogram's observations, which a gauge is not.
        if (kind == FamilyKind.Gauge && name.EndsWith("_count", StringComparison.Ordinal))
            name = name[..^"_count".Length] + "_current";
        return UnitOf(instrument) is string unit && !name.EndsWith("_" + unit, StringComparison.Ordinal) ? $"{name}_{unit}" : name;
    }

    /// <summary>Unit in words; null when there is none.</summary>
    public static string? UnitOf(Instrument instrument) => instrument.Unit is string unit ? units.GetValueOrDefault(unit) : null;

    /// <summary>Name of a label.</summary>
    public static string OfLabel(string name) => NotAllowed().Replace(name, "_");

    [GeneratedRegex("[^a-zA-Z0-9_]")]
    private static partial Regex NotAllowed();
}
