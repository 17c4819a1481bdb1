using Confluent.Kafka;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka.Native;

namespace StreamScorer.Kafka.Source;

/// <summary>
/// One assigned partition on the consumer thread: its own native queue, emptied only as fast as the processor takes batches. A full partition so needs
/// no pausing, which in librdkafka throws away what was fetched ahead; it stops being fetched when its queue is full. Not safe for concurrent use.
/// </summary>
internal sealed class PartitionFeed(PartitionAssignment assignment, TopicPartition partition, int queuedBatchesMax)
{
    private nint queue;
    private bool flowing;
    private int generation;
    private FeedPosition position;
    private bool atEnd;

    /// <summary>The partition as the owner sees it.</summary>
    public PartitionAssignment Assignment => assignment;

    /// <summary>The partition as the client sees it.</summary>
    public TopicPartition Partition => partition;

    /// <summary>Offset that the next record handed over is expected to have; wanted by the processor, then moved by its records.</summary>
    public long NextOffset => position.Next;

    /// <summary>Whether <see cref="TrySeek"/> is due.</summary>
    public bool NeedsSeek { get; private set; }

    /// <summary>Highest progress already given to the client.</summary>
    public long StoredProgress { get; set; } = -1;

    /// <summary>
    /// Keeps the client from fetching until the processor says from where. Comes before the client is given the partition: then it never fetches, nor asks
    /// a broker for an offset, whose late answer would move it on after it was sent elsewhere.
    /// </summary>
    /// <exception cref="KafkaException">The client does not know the partition.</exception>
    public void Hold<TKey, TValue>(IConsumer<TKey, TValue> consumer, nint client)
    {
        queue = Librdkafka.QueueGetPartition(client, partition.Topic, partition.Partition.Value);
        consumer.Pause([partition]);
    }

    /// <summary>Takes over the newest start request of the processor.</summary>
    public void Restart()
    {
        do
        {
            generation = assignment.Generation;
            position.Want(assignment.StartOffset);
        }
        while (generation != assignment.Generation);
        NeedsSeek = true;
    }

    /// <summary>Moves the client to the wanted offset, and on the first start lets the partition flow into its own queue.</summary>
    /// <returns>False while the client is still setting the partition up: try again.</returns>
    /// <exception cref="KafkaException">The client refuses for good.</exception>
    public bool TrySeek<TKey, TValue>(IConsumer<TKey, TValue> consumer, WakeSignal wake)
    {
        try
        {
            consumer.Seek(new TopicPartitionOffset(partition, position.Next));
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.Local_State or ErrorCode.Local_PrevInProgress)
        {
            return false;
        }
        NeedsSeek = false;
        position.Sought();
        atEnd = false;
        if (!flowing)
            LetFlow(consumer, wake);
        return true;
    }

    /// <summary>Hands over one batch of what is in the queue, if the processor has room.</summary>
    /// <param name="failure">An event of the partition that is neither a record nor its end; 0 for none.</param>
    public FeedState Deliver(MessageReader reader, nint client, nint topicUtf8, out ErrorCode failure)
    {
        failure = ErrorCode.NoError;
        if (NeedsSeek)
            return FeedState.Blocked;
        if (!flowing)
            return FeedState.Empty;
        if (assignment.Records.Count >= queuedBatchesMax)
            return FeedState.Full;
        reader.Read(queue);
        if (reader.Count == 0)
            return FeedState.Empty;
        try
        {
            RecordBatch? batch = Collect(reader, ref failure);
            AdvanceEnd(client, topicUtf8);
            if (batch is not null && !assignment.Writer.TryWrite(batch))
                batch.Dispose();
            return reader.IsFull || NeedsSeek ? FeedState.More : FeedState.Empty;
        }
        finally
        {
            reader.Release();
        }
    }

    /// <summary>Ends delivery for good and drops what was fetched ahead, which the client would else keep until it is closed.</summary>
    public void Close(MessageReader reader)
    {
        assignment.Writer.TryComplete();
        if (flowing)
            Empty(reader);
        if (queue != 0)
            Librdkafka.QueueDestroy(queue);
        queue = 0;
    }

    private void LetFlow<TKey, TValue>(IConsumer<TKey, TValue> consumer, WakeSignal wake)
    {
        // Not before a seek has succeeded: until then the client may still attach the partition to the common queue and undo this.
        Librdkafka.QueueForward(queue, 0);
        wake.Watch(queue);
        consumer.Resume([partition]);
        // Resuming does not wake the client's broker thread, which may sleep for another second; seeking does.
        consumer.Seek(new TopicPartitionOffset(partition, position.Next));
        flowing = true;
    }

    private void Empty(MessageReader reader)
    {
        WakeSignal.Unwatch(queue);
        flowing = false;
        bool more;
        do
        {
            reader.Read(queue);
            more = reader.IsFull;
            reader.Release();
        }
        while (more);
    }

    private RecordBatch? Collect(MessageReader reader, ref ErrorCode failure)
    {
        RecordBatch? batch = null;
        for (int i = 0; i < reader.Count && !NeedsSeek; i++)
        {
            ref readonly Librdkafka.Message message = ref reader[i];
            bool isEnd = message.Error == (int)ErrorCode.Local_PartitionEOF;
            if (message.Error != 0 && !isEnd)
            {
                // What follows may lie beyond records that could not be read: it is fetched again, if reading goes on at all.
                failure = (ErrorCode)message.Error;
                NeedsSeek = true;
                break;
            }
            FeedVerdict verdict = position.Judge(message.Offset);
            NeedsSeek = verdict == FeedVerdict.SeekAgain;
            if (verdict != FeedVerdict.Take)
                continue;
            atEnd = isEnd;
            if (isEnd)
                continue;
            batch ??= new RecordBatch(generation, reader.Count, reader.Bytes);
            reader.CopyTo(batch, i);
            position.Taken(message.Offset);
        }
        return batch;
    }

    private void AdvanceEnd(nint client, nint topicUtf8)
    {
        // At the end of the partition everything readable was handed over, even where the last offsets are transaction markers.
        if (atEnd || Librdkafka.GetWatermarkOffsets(client, topicUtf8, assignment.Partition, out _, out long high) != 0)
            high = position.Next;
        assignment.EndOffset = Math.Max(high, position.Next);
    }
}

/// <summary>What a partition needs next.</summary>
internal enum FeedState
{
    /// <summary>Nothing more at the moment; its queue wakes the thread.</summary>
    Empty,

    /// <summary>There may be more: come back at once.</summary>
    More,

    /// <summary>Waits for the client, which does not wake the thread: look again soon.</summary>
    Blocked,

    /// <summary>Waits for its processor, which does not wake the thread: look again soon.</summary>
    Full,
}
