using Confluent.Kafka;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Kafka.Publish;

/// <summary>Counts the outstanding acknowledgements of the entries that are published together. Reports may come from any thread.</summary>
internal sealed class Publication(IReadOnlyList<OutboxEntry> entries)
{
    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly List<OutboxEntry> tooLarge = [];
    private int outstanding = 1;

    /// <summary>Completes when nothing is queued or under way any more, acknowledged or not.</summary>
    public Task Settled => settled.Task;

    /// <summary>Offset that follows the last acknowledged transition or tombstone, or -1. Meaningful once settled.</summary>
    public long Position { get; private set; } = -1;

    /// <summary>Dead letters that were refused for their size. Meaningful once settled.</summary>
    public IReadOnlyList<OutboxEntry> TooLarge => tooLarge;

    /// <summary>First other refusal, or null. Meaningful once settled.</summary>
    public Error? Refusal { get; private set; }

    /// <summary>One more entry is queued.</summary>
    public void Queued() => Interlocked.Increment(ref outstanding);

    /// <summary>No more entries come.</summary>
    public void Close() => Settle();

    /// <summary>The entry at <paramref name="index"/> was acknowledged at <paramref name="offset"/>.</summary>
    public void Acknowledged(int index, long offset)
    {
        if (entries[index].Kind != OutboxKind.DeadLetter)
        {
            lock (gate)
                Position = Math.Max(Position, offset + 1);
        }
        Settle();
    }

    /// <summary>The entry at <paramref name="index"/> was refused.</summary>
    public void Refused(int index, Error error)
    {
        lock (gate)
        {
            if (error.Code == ErrorCode.MsgSizeTooLarge && entries[index].Kind == OutboxKind.DeadLetter)
                tooLarge.Add(entries[index]);
            else
                Refusal ??= error;
        }
        Settle();
    }

    private void Settle()
    {
        if (Interlocked.Decrement(ref outstanding) == 0)
            settled.SetResult();
    }
}
