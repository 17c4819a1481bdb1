using StreamScorer.Engine.Commit;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// Pauses a partition when too many of its records cannot be used: then a producer is broken, and going on would empty the input into the dead letters. After
/// the pause one batch is tried. Not safe for concurrent use, but for <see cref="PausedSinceMs"/>.
/// </summary>
/// <param name="options">Rate, window and pause.</param>
internal sealed class DeadLetterBreaker(EngineOptions options)
{
    private long consumed;
    private long deadLettered;
    private long pausedSinceMs;
    private long pausedUntilMs;
    private bool isProbing;

    /// <summary>When the partition paused, unix milliseconds; 0 while it goes on.</summary>
    public long PausedSinceMs => Volatile.Read(ref pausedSinceMs);

    /// <summary>Whether records may be folded now.</summary>
    /// <param name="nowUnixMs">Wall clock as of the last tick.</param>
    /// <param name="resumedAtMs">Pauses from before this instant have been ended by somebody, unix milliseconds.</param>
    public bool Allows(long nowUnixMs, long resumedAtMs)
    {
        if (pausedSinceMs == 0 || isProbing)
            return true;
        isProbing = nowUnixMs >= pausedUntilMs || resumedAtMs > pausedSinceMs;
        return isProbing;
    }

    /// <summary>Takes in what a commit consumed. The window is a decayed one: full, it is halved, so that it follows without keeping every record.</summary>
    /// <returns>True when the partition pauses from now on.</returns>
    public bool Observe(PartitionCounters before, PartitionCounters after, long nowUnixMs)
    {
        long records = after.Consumed - before.Consumed, rejected = after.DeadLettered - before.DeadLettered;
        if (records == 0 || options.DeadLetterRateMax >= 1)
            return false;
        if (isProbing)
            return EndProbe(records, rejected, nowUnixMs);
        consumed += records;
        deadLettered += rejected;
        if (consumed < options.DeadLetterWindow)
            return false;
        if (deadLettered > options.DeadLetterRateMax * consumed)
            return Pause(nowUnixMs);
        (consumed, deadLettered) = (consumed / 2, deadLettered / 2);
        return false;
    }

    private bool EndProbe(long records, long rejected, long nowUnixMs)
    {
        isProbing = false;
        if (rejected > options.DeadLetterRateMax * records)
            return Pause(nowUnixMs);
        Volatile.Write(ref pausedSinceMs, 0);
        return false;
    }

    private bool Pause(long nowUnixMs)
    {
        (consumed, deadLettered) = (0, 0);
        Volatile.Write(ref pausedSinceMs, Math.Max(1, nowUnixMs));
        pausedUntilMs = nowUnixMs + options.DeadLetterPauseMs;
        return true;
    }
}
