using System.Diagnostics.Metrics;

namespace StreamScorer.Worker.Observability.Prometheus;

/// <summary>
/// Listens to meters and keeps what <c>/metrics</c> shows. The engine records once per batch, never per event. Safe for concurrent use: one scrape at a time.
/// </summary>
internal sealed class MetricCollector : IDisposable
{
    // Of ASP.NET Core only what an operator of the HTTP surface asks for; connections and request queues are its own affair.
    private static readonly HashSet<string> meters = [Metrics.MeterName, "System.Runtime"];
    private static readonly HashSet<string> instruments = ["http.server.request.duration"];

    private readonly Lock gate = new();
    private readonly MeterListener listener = new();
    private readonly List<Family> families = [];
    private readonly TimeProvider time;

    /// <param name="time">Clock of the exemplars.</param>
    public MetricCollector(TimeProvider time)
        : this(time, instrument => meters.Contains(instrument.Meter.Name) || instruments.Contains(instrument.Name))
    {
    }

    /// <param name="time">Clock of the exemplars.</param>
    /// <param name="isWanted">Which instruments to listen to.</param>
    public MetricCollector(TimeProvider time, Predicate<Instrument> isWanted)
    {
        this.time = time;
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (isWanted(instrument))
                listener.EnableMeasurementEvents(instrument, Add(instrument));
        };
        listener.SetMeasurementEventCallback<int>((_, value, labels, family) => Record(family, value, labels));
        listener.SetMeasurementEventCallback<long>((_, value, labels, family) => Record(family, value, labels));
        listener.SetMeasurementEventCallback<double>((_, value, labels, family) => Record(family, value, labels));
        listener.Start();
    }

    /// <summary>Asks for what is observed and writes everything.</summary>
    public void Write(ExpositionFormat format, TextWriter output)
    {
        lock (gate)
        {
            foreach (Family family in families)
                family.BeginScrape();
            listener.RecordObservableInstruments();
            var writer = new ExpositionWriter(format, output);
            foreach (Family family in families)
                writer.Write(family);
            writer.End();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private Family Add(Instrument instrument)
    {
        var family = new Family(instrument, time);
        // A rule about a latency must find its series before the first latency is measured; ours have no labels.
        if (family.Kind == FamilyKind.Histogram && instrument.Meter.Name == Metrics.MeterName)
            family.AddUnlabelled();
        lock (gate)
            families.Add(family);
        return family;
    }

    private void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        lock (gate)
            ((Family)family!).Record(value, labels);
    }
}
