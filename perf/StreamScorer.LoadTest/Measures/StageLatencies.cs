using System.Diagnostics;
using StreamScorer.LoadTest.Load;

namespace StreamScorer.LoadTest.Measures;

/// <summary>The latency of transitions caused by events, whole and by stage. Not safe for concurrent use.</summary>
internal sealed class StageLatencies
{
    private static readonly long originTicks = Stopwatch.GetTimestamp();
    private static readonly DateTime origin = DateTime.UtcNow;

    /// <summary>From when the event was due to when the transition was read.</summary>
    public Latencies Whole { get; } = new();

    /// <summary>From when the event was due to when the feeder's client had it.</summary>
    public Latencies Feeding { get; } = new();

    /// <summary>From then to when the worker's client had the transition: fetched, folded, committed, handed over. Whole milliseconds, as the transition's timestamp is.</summary>
    public Latencies Scoring { get; } = new();

    /// <summary>From then to when it was read: accepted by the broker, and fetched.</summary>
    public Latencies Reading { get; } = new();

    /// <summary>Records a transition that is read now.</summary>
    /// <param name="send">Its event in the feeder.</param>
    /// <param name="producedAt">Timestamp of the transition.</param>
    public void Add(SendTicks send, DateTime producedAt)
    {
        long readTicks = Stopwatch.GetTimestamp(), producedTicks = originTicks + (long)((producedAt - origin).TotalSeconds * Stopwatch.Frequency);
        Whole.Add(Stopwatch.GetElapsedTime(send.Due, readTicks).TotalMilliseconds);
        Feeding.Add(Stopwatch.GetElapsedTime(send.Due, send.Sent).TotalMilliseconds);
        Scoring.Add(Math.Max(0, Stopwatch.GetElapsedTime(send.Sent, producedTicks).TotalMilliseconds));
        Reading.Add(Math.Max(0, Stopwatch.GetElapsedTime(producedTicks, readTicks).TotalMilliseconds));
    }
}
