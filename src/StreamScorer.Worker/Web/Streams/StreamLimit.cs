namespace StreamScorer.Worker.Web.Streams;

/// <summary>Counts open streams, so that there are never more than the configuration allows.</summary>
public sealed class StreamLimit(int max)
{
    private int open;

    /// <summary>Most streams at once.</summary>
    public int Max => max;

    /// <summary>Streams open now.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>Takes a place; false when all are taken.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref open) <= max)
            return true;
        Leave();
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref open);
}
