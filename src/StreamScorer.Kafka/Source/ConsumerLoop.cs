using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka.Native;

namespace StreamScorer.Kafka.Source;

/// <summary>
/// The one consumer thread: serves the group (handlers run inside that call), seeks what is to be started, and moves fetched records to the processors.
/// It never waits for a processor, except while partitions are revoked.
/// </summary>
internal sealed class ConsumerLoop : IDisposable
{
    private const int IdleWaitMs = 100;
    private const int BlockedWaitMs = 1;
    private const int ProgressIntervalMs = 500;

    private readonly KafkaOptions options;
    private readonly IPartitionOwner owner;
    private readonly ConcurrentDictionary<int, long> progress;
    private readonly ILogger logger;
    private readonly IConsumer<Ignore, Ignore> consumer;
    private readonly nint client;
    private readonly nint groupQueue;
    private readonly nint topicUtf8;
    private readonly MessageReader reader;
    private readonly WakeSignal wake = new();
    private readonly BacklogWatch backlog = new();
    private readonly ConcurrentQueue<PartitionAssignment> startRequests = new();
    private readonly List<PartitionFeed> feeds = [];
    private Exception? failure;
    private long progressStoredAtMs;

    public ConsumerLoop(KafkaOptions options, IPartitionOwner owner, ConcurrentDictionary<int, long> progress, ILogger logger)
    {
        this.options = options;
        this.owner = owner;
        this.progress = progress;
        this.logger = logger;
        consumer = new ConsumerBuilder<Ignore, Ignore>(KafkaClientConfig.Source(options))
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Revoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => Lost(partitions))
            .SetLogHandler((_, message) => logger.ClientMessage(message))
            .SetErrorHandler((_, error) => Report(error))
            .Build();
        client = ConsumerHandle.Of(consumer);
        groupQueue = Librdkafka.QueueGetConsumer(client);
        topicUtf8 = Marshal.StringToCoTaskMemUTF8(options.TransactionsTopic);
        reader = new MessageReader(options.BatchSizeMax);
        wake.Watch(groupQueue);
    }

    /// <summary>Runs until <paramref name="stopping"/> or a failure; the partitions are revoked and the group is left before it returns.</summary>
    /// <exception cref="EventSourceException">The input cannot be read on; the message says why and what to do.</exception>
    public void Run(CancellationToken stopping)
    {
        try
        {
            using CancellationTokenRegistration woken = stopping.Register(wake.Set);
            consumer.Subscribe(options.TransactionsTopic);
            while (!stopping.IsCancellationRequested && failure is null)
                Turn();
        }
        catch (Exception e)
        {
            failure ??= e;
        }
        Leave();
        if (failure is not null)
            throw failure as EventSourceException ?? new EventSourceException($"Consuming '{options.TransactionsTopic}' failed: {failure.Message}", failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reader.Dispose();
        wake.Dispose();
        Marshal.FreeCoTaskMem(topicUtf8);
    }

    private void Turn()
    {
        ServeGroup();
        while (startRequests.TryDequeue(out PartitionAssignment? requested))
            feeds.Find(feed => feed.Assignment == requested)?.Restart();
        FeedState state = DeliverAll(out bool isAnyFull);
        long nowMs = Environment.TickCount64;
        if (backlog.IsTrimDue(state, isAnyFull, nowMs))
            NativeHeap.Trim();
        if (nowMs - progressStoredAtMs >= ProgressIntervalMs)
            StoreProgress(feeds);
        if (state != FeedState.More)
            wake.Wait(state == FeedState.Empty ? IdleWaitMs : BlockedWaitMs);
    }

    /// <summary>Heartbeats, rebalances and errors. No record comes this way: a partition that flows has a queue of its own.</summary>
    private void ServeGroup()
    {
        try
        {
            consumer.Consume(millisecondsTimeout: 0);
        }
        catch (ConsumeException e)
        {
            Report(e.ConsumerRecord?.Partition.Value ?? Partition.Any, e.Error);
        }
    }

    private FeedState DeliverAll(out bool isAnyFull)
    {
        isAnyFull = false;
        FeedState result = FeedState.Empty;
        foreach (PartitionFeed feed in feeds)
        {
            if (feed.NeedsSeek)
                feed.TrySeek(consumer, wake);
            FeedState state = feed.Deliver(reader, client, topicUtf8, out ErrorCode error);
            if (error != ErrorCode.NoError)
                Report(feed.Assignment.Partition, new Error(error));
            isAnyFull |= state == FeedState.Full;
            if (state == FeedState.More || result == FeedState.Empty)
                result = state;
        }
        return result;
    }

    private void Leave()
    {
        WakeSignal.Unwatch(groupQueue);
        Librdkafka.QueueDestroy(groupQueue);
        try
        {
            consumer.Close();
        }
        catch (KafkaException e)
        {
            logger.ClientError(e.Error);
        }
        // Closing revokes; what is left here was not told, because the group had already given up on this member.
        if (feeds.Count > 0)
            Revoked([.. feeds.Select(feed => new TopicPartitionOffset(feed.Partition, Offset.Unset))]);
    }

    private List<TopicPartitionOffset> Assigned(List<TopicPartition> partitions)
    {
        logger.PartitionsAssigned(options.TransactionsTopic, Text(partitions.Select(p => p.Partition.Value)));
        List<PartitionFeed> added = partitions.ConvertAll(Feed);
        feeds.AddRange(added);
        Guard(() =>
        {
            added.ForEach(feed => feed.Hold(consumer, client));
            owner.Assigned(added.ConvertAll(feed => feed.Assignment));
        });
        // Any number will do, since nothing is fetched before the processor names its own; a logical offset would be looked up.
        return partitions.ConvertAll(partition => new TopicPartitionOffset(partition, 0));
    }

    private PartitionFeed Feed(TopicPartition partition)
    {
        progress.TryRemove(partition.Partition.Value, out _);
        var assignment = new PartitionAssignment(partition.Partition.Value, options.QueuedBatchesMax, RequestStart);
        return new PartitionFeed(assignment, partition, options.QueuedBatchesMax);
    }

    private void Revoked(List<TopicPartitionOffset> partitions)
    {
        logger.PartitionsRevoked(options.TransactionsTopic, Text(partitions.Select(p => p.Partition.Value)));
        List<PartitionFeed> ended = Remove(partitions);
        Guard(() => owner.Revoked(ended.ConvertAll(feed => feed.Assignment)));
        StoreProgress(ended);
    }

    private void Lost(List<TopicPartitionOffset> partitions)
    {
        logger.PartitionsLost(options.TransactionsTopic, Text(partitions.Select(p => p.Partition.Value)));
        List<PartitionFeed> ended = Remove(partitions);
        Guard(() => owner.Lost(ended.ConvertAll(feed => feed.Assignment)));
    }

    private List<PartitionFeed> Remove(List<TopicPartitionOffset> partitions)
    {
        List<PartitionFeed> ended = feeds.FindAll(feed => partitions.Exists(p => p.TopicPartition == feed.Partition));
        foreach (PartitionFeed feed in ended)
        {
            feeds.Remove(feed);
            feed.Close(reader);
        }
        return ended;
    }

    private void StoreProgress(List<PartitionFeed> owned)
    {
        progressStoredAtMs = Environment.TickCount64;
        foreach (PartitionFeed feed in owned)
        {
            if (!progress.TryGetValue(feed.Assignment.Partition, out long next) || next <= feed.StoredProgress)
                continue;
            feed.StoredProgress = next;
            try
            {
                consumer.StoreOffset(new TopicPartitionOffset(feed.Partition, next));
            }
            catch (KafkaException e)
            {
                logger.ProgressRefused(options.TransactionsTopic, feed.Assignment.Partition, e.Error.Reason);
            }
        }
    }

    private void RequestStart(PartitionAssignment assignment)
    {
        startRequests.Enqueue(assignment);
        wake.Set();
    }

    /// <summary>No exception may leave a rebalance handler: it would end the process inside native code.</summary>
    private void Guard(Action call)
    {
        try
        {
            call();
        }
        catch (Exception e)
        {
            failure ??= e;
        }
    }

    private void Report(Error error)
    {
        if (error.IsFatal)
            failure ??= new EventSourceException($"The Kafka client gave up: {error.Reason} ({error.Code}). Restart the worker.");
        else
            logger.ClientError(error);
    }

    private void Report(int partition, Error error)
    {
        if (ConsumeFailure.Ends(error))
            failure ??= ConsumeFailure.Explain(consumer, options, feeds.Find(feed => feed.Assignment.Partition == partition), partition, error);
        else
            logger.ConsumeRetried(options.TransactionsTopic, partition, error.Reason, error.Code);
    }

    private static string Text(IEnumerable<int> partitions) => string.Join(", ", partitions.Order());
}
