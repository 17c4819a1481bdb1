using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace StreamScorer.Worker.Observability.Prometheus;

/// <summary>How a family is typed.</summary>
internal enum FamilyKind
{
    /// <summary>Only rises.</summary>
    Counter,

    /// <summary>Any value.</summary>
    Gauge,

    /// <summary>Counts by bucket.</summary>
    Histogram,
}

/// <summary>One instrument with all its series. Not safe for concurrent use.</summary>
internal sealed class Family
{
    /// <summary>
    /// Most series of one instrument. The labels of all instruments are bounded; this bounds what a mistake in one of them would cost.
    /// </summary>
    public const int SeriesMax = 4_000;

    private static readonly double[] defaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    // The runtime publishes these as counters although they fall as often as they rise.
    private static readonly HashSet<string> falling = ["dotnet.thread_pool.thread.count", "dotnet.thread_pool.queue.length"];

    private readonly Dictionary<string, Series> series = [];
    private readonly Func<Series> create;

    /// <param name="instrument">The instrument.</param>
    /// <param name="time">Clock of the exemplars.</param>
    public Family(Instrument instrument, TimeProvider time)
    {
        Unit = PrometheusName.UnitOf(instrument);
        Help = instrument.Description ?? instrument.Name;
        Type definition = instrument.GetType().GetGenericTypeDefinition();
        IsObservable = instrument.IsObservable;
        Kind = falling.Contains(instrument.Name) ? FamilyKind.Gauge
            : definition == typeof(Counter<>) || definition == typeof(ObservableCounter<>) ? FamilyKind.Counter
            : definition == typeof(Histogram<>) ? FamilyKind.Histogram
            : FamilyKind.Gauge;
        Name = PrometheusName.Of(instrument, Kind);
        double[] bounds = Kind == FamilyKind.Histogram ? BoundsOf(instrument) : [];
        create = Kind == FamilyKind.Histogram ? () => new HistogramSeries(bounds, time)
            : IsObservable || definition == typeof(Gauge<>) ? () => new LastSeries()
            : () => new SumSeries();
    }

    /// <summary>Name without <c>_total</c>.</summary>
    public string Name { get; }

    /// <summary>Unit in words, or null.</summary>
    public string? Unit { get; }

    /// <summary>Description.</summary>
    public string Help { get; }

    /// <summary>Type.</summary>
    public FamilyKind Kind { get; }

    /// <summary>Whether its values are asked for at a scrape.</summary>
    public bool IsObservable { get; }

    /// <summary>Measurements without a place because <see cref="SeriesMax"/> was reached.</summary>
    public long Dropped { get; private set; }

    /// <summary>Series by their labels as written: <c>a="b",c="d"</c>, values escaped.</summary>
    public IReadOnlyDictionary<string, Series> Series => series;

    /// <summary>Takes a measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        string key = labels.IsEmpty ? "" : Render(labels);
        if (!series.TryGetValue(key, out Series? found))
        {
            if (series.Count >= SeriesMax)
            {
                Dropped++;
                return;
            }
            series[key] = found = create();
        }
        found.Record(value);
    }

    /// <summary>Adds the series without labels, with no observation yet.</summary>
    public void AddUnlabelled() => series.TryAdd("", create());

    /// <summary>Forgets what was observed: what is not observed again has ended.</summary>
    public void BeginScrape()
    {
        if (IsObservable)
            series.Clear();
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => defaultBounds,
    };

    private static string Render(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var text = new StringBuilder();
        foreach ((string name, object? value) in labels)
        {
            if (text.Length > 0)
                text.Append(',');
            text.Append(PrometheusName.OfLabel(name)).Append("=\"").Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }
        return text.ToString();
    }

    private static string Escape(string value) =>
        value.AsSpan().IndexOfAny('\\', '"', '\n') < 0
            ? value
            : value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
