using System.Diagnostics;
using System.Diagnostics.Metrics;
using StreamScorer.Worker.Observability.Prometheus;

namespace StreamScorer.Worker.Tests.Observability;

/// <summary>The two text formats, from real instruments.</summary>
public sealed class ExpositionTests : IDisposable
{
    private readonly Meter meter = new("exposition-" + Guid.NewGuid());
    private readonly MetricCollector collector;

    public ExpositionTests() => collector = new MetricCollector(TimeProvider.System, instrument => instrument.Meter == meter);

    public void Dispose()
    {
        collector.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void A_counter_gets_its_unit_and_total_in_the_sample_and_in_OpenMetrics_not_in_the_family()
    {
        meter.CreateCounter<long>("my.work.time", "s", "Time of \"work\"\nand \\ more").Add(3, new KeyValuePair<string, object?>("kind", "a"));

        Assert.Equal(
            "# HELP my_work_time_seconds_total Time of \"work\"\\nand \\\\ more\n# TYPE my_work_time_seconds_total counter\nmy_work_time_seconds_total{kind=\"a\"} 3\n",
            Write(ExpositionFormat.Prometheus));
        Assert.Equal(
            "# HELP my_work_time_seconds Time of \\\"work\\\"\\nand \\\\ more\n# TYPE my_work_time_seconds counter\n# UNIT my_work_time_seconds seconds\n"
            + "my_work_time_seconds_total{kind=\"a\"} 3\n# EOF\n",
            Write(ExpositionFormat.OpenMetrics));
    }

    [Fact]
    public void Label_values_are_escaped_and_label_names_cleaned()
    {
        meter.CreateCounter<int>("c").Add(1, new KeyValuePair<string, object?>("a.b", "x\"y\\z\nw"));

        Assert.Contains("c_total{a_b=\"x\\\"y\\\\z\\nw\"} 1\n", Write(ExpositionFormat.Prometheus), StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_counts_up_its_buckets_and_keeps_sampled_traces_as_exemplars_in_OpenMetrics()
    {
        Histogram<double> histogram = meter.CreateHistogram(
            "latency", "s", "Latency", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 2.5] });
        histogram.Record(0.1);
        histogram.Record(3);
        using (Activity trace = new Activity("x").SetParentId("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").Start())
            histogram.Record(0.7);
        using (Activity unsampled = new Activity("x").SetParentId("00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203331-00").Start())
            histogram.Record(0.05);

        string text = Write(ExpositionFormat.Prometheus), open = Write(ExpositionFormat.OpenMetrics);
        Assert.EndsWith(
            "latency_seconds_bucket{le=\"0.1\"} 2\nlatency_seconds_bucket{le=\"1\"} 3\nlatency_seconds_bucket{le=\"2.5\"} 3\nlatency_seconds_bucket{le=\"+Inf\"} 4\n"
            + "latency_seconds_sum 3.8499999999999996\nlatency_seconds_count 4\n",
            text, StringComparison.Ordinal);
        Assert.Matches(
            "latency_seconds_bucket\\{le=\"1\\.0\"\\} 3 # \\{trace_id=\"0af7651916cd43dd8448eb211c80319c\",span_id=\"[0-9a-f]{16}\"\\} 0\\.7 \\d+\\.\\d{3}\n", open);
        Assert.Contains("latency_seconds_bucket{le=\"0.1\"} 2\n", open, StringComparison.Ordinal);
        Assert.DoesNotContain("trace_id", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_observed_no_longer_is_not_written_any_more()
    {
        int[] partitions = [0, 1];
        meter.CreateObservableGauge("g", () => partitions.Select(p => new Measurement<int>(p * 10, new KeyValuePair<string, object?>("partition", p))));

        Assert.Contains("g{partition=\"0\"} 0\ng{partition=\"1\"} 10\n", Write(ExpositionFormat.Prometheus), StringComparison.Ordinal);
        partitions = [1];
        string later = Write(ExpositionFormat.Prometheus);
        Assert.Contains("g{partition=\"1\"} 10\n", later, StringComparison.Ordinal);
        Assert.DoesNotContain("partition=\"0\"", later, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_no_numbers_are_written_as_Prometheus_reads_them()
    {
        meter.CreateObservableGauge("n", () => double.NaN);
        meter.CreateObservableGauge("p", () => double.PositiveInfinity);
        meter.CreateObservableGauge("m", () => double.NegativeInfinity);

        Assert.Equal(["n NaN", "p +Inf", "m -Inf"], Write(ExpositionFormat.Prometheus).Split('\n').Where(line => line.Length > 0 && line[0] != '#'));
    }

    [Fact]
    public void An_instrument_whose_labels_run_away_stops_growing()
    {
        Counter<int> counter = meter.CreateCounter<int>("runaway");
        for (int i = 0; i < Family.SeriesMax + 100; i++)
            counter.Add(1, new KeyValuePair<string, object?>("id", i));

        Assert.Equal(Family.SeriesMax, Write(ExpositionFormat.Prometheus).Split('\n').Count(line => line.StartsWith("runaway_total{", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", false)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    [InlineData("text/plain;version=0.0.4;q=0.9,application/openmetrics-text;q=0.1", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    [InlineData("no;;media,type", false)]
    public void The_format_is_what_the_reader_prefers(string accept, bool isOpenMetrics) =>
        Assert.Equal(isOpenMetrics ? ExpositionFormat.OpenMetrics : ExpositionFormat.Prometheus, ExpositionFormats.Negotiate([accept]));

    private string Write(ExpositionFormat format)
    {
        var output = new StringWriter();
        collector.Write(format, output);
        return output.ToString();
    }
}
