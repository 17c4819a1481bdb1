namespace StreamScorer.Kafka.Source;

/// <summary>
/// Which records of a partition are next. The first offset seen after a seek may lie beyond the wanted one because what is between was compacted away,
/// or because the client was still on its way elsewhere and would skip it: one more seek tells which, since nothing is moving then.
/// </summary>
internal struct FeedPosition
{
    private bool firstAwaited;
    private bool gapChecked;

    /// <summary>Offset of the next record wanted.</summary>
    public long Next { get; private set; }

    /// <summary>The processor wants <paramref name="offset"/> next.</summary>
    public void Want(long offset)
    {
        Next = offset;
        gapChecked = false;
    }

    /// <summary>The client was sent to <see cref="Next"/>.</summary>
    public void Sought() => firstAwaited = true;

    /// <summary>What to do with a record, or an end of the partition, at <paramref name="offset"/>.</summary>
    public FeedVerdict Judge(long offset)
    {
        if (offset < Next)
            return FeedVerdict.Drop;
        if (firstAwaited && offset > Next && !gapChecked)
        {
            gapChecked = true;
            return FeedVerdict.SeekAgain;
        }
        firstAwaited = false;
        return FeedVerdict.Take;
    }

    /// <summary>The record at <paramref name="offset"/> was handed over.</summary>
    public void Taken(long offset) => Next = offset + 1;
}

/// <summary>What to do with something that the client delivered.</summary>
internal enum FeedVerdict
{
    /// <summary>It is next.</summary>
    Take,

    /// <summary>It lies before what is wanted.</summary>
    Drop,

    /// <summary>Drop it and everything after it, and send the client to the wanted offset once more.</summary>
    SeekAgain,
}
