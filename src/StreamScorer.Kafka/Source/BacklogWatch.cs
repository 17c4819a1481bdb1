namespace StreamScorer.Kafka.Source;

/// <summary>
/// Says when a backlog has been worked off, so that the memory which the client needed for it can go back to the system. A live partition fills its queue for a
/// moment too, and that is no backlog. Not safe for concurrent use.
/// </summary>
internal sealed class BacklogWatch
{
    /// <summary>How long queues must have been full again and again, never all empty, milliseconds.</summary>
    public const int BacklogMs = 2_000;

    /// <summary>Least time between two trims, milliseconds.</summary>
    public const int TrimIntervalMs = 30_000;

    private long? fullFromMs;
    private long fullToMs;
    private bool isWorkedOff;
    private long? trimmedAtMs;

    /// <summary>Takes note of one turn over all feeds.</summary>
    /// <param name="state">What the turn came to; <see cref="FeedState.Empty"/> when no feed has anything left.</param>
    /// <param name="isAnyFull">Whether a feed waited for its processor.</param>
    /// <param name="nowMs">Time of any clock that never goes back, milliseconds.</param>
    /// <returns>Whether to trim now.</returns>
    public bool IsTrimDue(FeedState state, bool isAnyFull, long nowMs)
    {
        if (isAnyFull)
        {
            fullFromMs ??= nowMs;
            fullToMs = nowMs;
        }
        if (state != FeedState.Empty)
            return false;
        isWorkedOff |= fullToMs - fullFromMs >= BacklogMs;
        fullFromMs = null;
        if (!isWorkedOff || nowMs - trimmedAtMs < TrimIntervalMs)
            return false;
        (isWorkedOff, trimmedAtMs) = (false, nowMs);
        return true;
    }
}
