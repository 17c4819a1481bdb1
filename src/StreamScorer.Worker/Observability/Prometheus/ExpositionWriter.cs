using System.Globalization;

namespace StreamScorer.Worker.Observability.Prometheus;

/// <summary>
/// Writes families in the Prometheus text format 0.0.4 or in OpenMetrics 1.0. They differ in the name of a counter's family, in units, in how whole bounds are
/// written, in exemplars and in the end mark.
/// </summary>
internal sealed class ExpositionWriter(ExpositionFormat format, TextWriter output)
{
    private bool IsOpenMetrics => format == ExpositionFormat.OpenMetrics;

    /// <summary>Writes one family; nothing when it has no series.</summary>
    public void Write(Family family)
    {
        if (family.Series.Count == 0)
            return;
        string sample = family.Kind == FamilyKind.Counter ? family.Name + "_total" : family.Name;
        string name = IsOpenMetrics ? family.Name : sample;
        output.Write($"# HELP {name} {EscapeHelp(family.Help)}\n");
        output.Write($"# TYPE {name} {family.Kind.ToString().ToLowerInvariant()}\n");
        if (IsOpenMetrics && family.Unit is not null)
            output.Write($"# UNIT {name} {family.Unit}\n");
        foreach ((string labels, Series series) in family.Series)
        {
            if (series is HistogramSeries histogram)
                WriteHistogram(family.Name, labels, histogram);
            else
                WriteSample(sample, labels, series is SumSeries sum ? sum.Value : ((LastSeries)series).Value);
        }
    }

    /// <summary>Ends the document.</summary>
    public void End()
    {
        if (IsOpenMetrics)
            output.Write("# EOF\n");
    }

    private void WriteHistogram(string name, string labels, HistogramSeries histogram)
    {
        string prefix = labels.Length == 0 ? "" : labels + ",";
        long below = 0;
        for (int bucket = 0; bucket < histogram.Counts.Length; bucket++)
        {
            below += histogram.Counts[bucket];
            double bound = bucket < histogram.Bounds.Count ? histogram.Bounds[bucket] : double.PositiveInfinity;
            output.Write($"{name}_bucket{{{prefix}le=\"{Bound(bound)}\"}} {Number(below)}");
            if (IsOpenMetrics && histogram.Exemplars[bucket] is Exemplar exemplar)
            {
                output.Write($" # {{trace_id=\"{exemplar.TraceId}\",span_id=\"{exemplar.SpanId}\"}} {Number(exemplar.Value)} ");
                output.Write((exemplar.AtUnixMs / 1000.0).ToString("F3", CultureInfo.InvariantCulture));
            }
            output.Write('\n');
        }
        WriteSample(name + "_sum", labels, histogram.Sum);
        WriteSample(name + "_count", labels, below);
    }

    private void WriteSample(string name, string labels, double value) =>
        output.Write(labels.Length == 0 ? $"{name} {Number(value)}\n" : $"{name}{{{labels}}} {Number(value)}\n");

    // OpenMetrics wants the label as the canonical form of a float: 1.0 where Prometheus writes 1.
    private string Bound(double bound)
    {
        string text = Number(bound);
        return IsOpenMetrics && double.IsInteger(bound) ? text + ".0" : text;
    }

    private string EscapeHelp(string help)
    {
        string escaped = help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return IsOpenMetrics ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
