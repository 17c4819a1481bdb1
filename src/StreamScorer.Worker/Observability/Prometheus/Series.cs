using System.Diagnostics;

namespace StreamScorer.Worker.Observability.Prometheus;

/// <summary>One combination of labels of one instrument, and its value.</summary>
internal abstract class Series
{
    /// <summary>Takes a measurement.</summary>
    public abstract void Record(double value);
}

/// <summary>A running sum: counters, and instruments that go up and down.</summary>
internal sealed class SumSeries : Series
{
    /// <summary>The sum.</summary>
    public double Value { get; private set; }

    /// <inheritdoc/>
    public override void Record(double value) => Value += value;
}

/// <summary>The last value: what is observed at a scrape.</summary>
internal sealed class LastSeries : Series
{
    /// <summary>The value.</summary>
    public double Value { get; private set; }

    /// <inheritdoc/>
    public override void Record(double value) => Value = value;
}

/// <summary>Counts by bucket, with the newest sampled trace in each as its exemplar.</summary>
/// <param name="bounds">Upper bounds, rising; above the last one everything else.</param>
/// <param name="time">Clock of the exemplars.</param>
internal sealed class HistogramSeries(IReadOnlyList<double> bounds, TimeProvider time) : Series
{
    /// <summary>Upper bounds.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    /// <summary>Observations by bucket, not added up; one more than there are bounds.</summary>
    public long[] Counts { get; } = new long[bounds.Count + 1];

    /// <summary>Exemplars by bucket.</summary>
    public Exemplar?[] Exemplars { get; } = new Exemplar?[bounds.Count + 1];

    /// <summary>Sum of all observations.</summary>
    public double Sum { get; private set; }

    /// <inheritdoc/>
    public override void Record(double value)
    {
        int bucket = 0;
        while (bucket < bounds.Count && value > bounds[bucket])
            bucket++;
        Counts[bucket]++;
        Sum += value;
        if (Activity.Current is { Recorded: true } trace)
            Exemplars[bucket] = new Exemplar(value, trace.TraceId.ToHexString(), trace.SpanId.ToHexString(), time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}

/// <summary>One observation and the trace it happened in.</summary>
internal sealed record Exemplar(double Value, string TraceId, string SpanId, long AtUnixMs);
