using System.Text;
using StreamScorer.Engine.Source;

namespace StreamScorer.Engine.Processing;

/// <summary>What set a transition off.</summary>
/// <param name="Offset">Source offset of the causing event, or -1.</param>
/// <param name="TimeMs">The event's own time, or the sweep's instant, unix milliseconds.</param>
public readonly record struct TransitionTrigger(long Offset, long TimeMs)
{
    /// <summary>Broker timestamp of the causing record, unix milliseconds; 0 for none.</summary>
    public long RecordTimestampMs { get; init; }

    /// <summary>Trace context of the causing record, which goes on with the transition; null for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>An event as the trigger.</summary>
    public static TransitionTrigger Of(in SourceRecord record, long timeMs)
    {
        ReadOnlySpan<byte> traceParent = record.Headers.IsEmpty ? default : Source.TraceParent.Find(record.Headers);
        return new TransitionTrigger(record.Offset, timeMs)
        {
            RecordTimestampMs = record.TimestampMs,
            TraceParent = traceParent.IsEmpty ? null : Encoding.ASCII.GetString(traceParent),
        };
    }
}
