using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamScorer.Engine.Diagnosis;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka.Publish;

namespace StreamScorer.Kafka;

/// <summary>
/// Transitions and dead letters to their Kafka topics, by idempotent producers that never give up while their broker is away. What was queued when a
/// call is cancelled may still be sent; reading back and further publishing in that partition therefore wait until it is settled. So a partition's records keep
/// their order whichever producer takes them.
/// </summary>
public sealed class KafkaTransitionSink : ITransitionSink
{
    // More than live partitions publish at once, and less than each commit behind a backlog.
    private const int DenseEntriesMin = 32;

    private readonly KafkaOptions options;
    private readonly ILogger logger;
    private readonly KafkaTopics topics;

    // For a few entries, which go at once, and for many, which go together.
    private readonly QueueingProducer sparse, dense;

    // The newest of each partition. The token of a record is its partition and its place among the entries.
    private readonly ConcurrentDictionary<int, Publication> publications = new();

    /// <exception cref="ArgumentException">The options are wrong; the message names field, value and what is allowed.</exception>
    /// <exception cref="DllNotFoundException">librdkafka is not installed; the message names the package.</exception>
    public KafkaTransitionSink(KafkaOptions options, ILogger<KafkaTransitionSink> logger)
    {
        (this.options, this.logger) = (options, logger);
        topics = new KafkaTopics(options, logger, (message, cause, transient) => new TransitionSinkException(message, cause) { IsTransient = transient });
        sparse = new QueueingProducer(KafkaClientConfig.Producer(options), Reported, logger);
        dense = new QueueingProducer(KafkaClientConfig.DenseProducer(options), Reported, logger);
    }

    /// <inheritdoc/>
    public async ValueTask OpenAsync(int partitionCount, CancellationToken cancellation)
    {
        foreach (string topic in (string[])[options.TransitionsTopic, options.DeadLettersTopic])
        {
            int count = await topics.PartitionCountAsync(topic, cancellation, sparse).ConfigureAwait(false);
            if (TopicChecks.Output(options, topic, count, partitionCount) is { Severity: Severity.Error } error)
                throw new TransitionSinkException(error.Message);
        }
        // It is told of all topics, and so knows their leaders as the other one does by now.
        await topics.PartitionCountAsync(options.TransitionsTopic, cancellation, dense).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<long> PublishAsync(int partition, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellation)
    {
        Publication publication = await SendAsync(partition, entries, cancellation).ConfigureAwait(false);
        // Alone first: the broker refuses a whole batch for its size, whichever of its records is to blame.
        foreach (OutboxEntry entry in publication.TooLarge)
            await SendCutAsync(partition, entry, cancellation).ConfigureAwait(false);
        return publication.Position;
    }

    /// <inheritdoc/>
    public async ValueTask<long> EndPositionAsync(int partition, CancellationToken cancellation)
    {
        await SettledAsync(partition, cancellation).ConfigureAwait(false);
        return (await topics.OffsetsAsync(options.TransitionsTopic, partition, cancellation).ConfigureAwait(false)).End;
    }

    /// <inheritdoc/>
    /// <remarks>Starts at the lowest offset still kept when <paramref name="fromPosition"/> lies below; yields nothing when it lies at or beyond the end.</remarks>
    public IAsyncEnumerable<PublishedRecord> ReadAsync(int partition, long fromPosition, CancellationToken cancellation) =>
        ReadAsync(options.TransitionsTopic, partition, fromPosition, cancellation);

    /// <inheritdoc/>
    /// <remarks>As <see cref="ReadAsync(int, long, CancellationToken)"/>.</remarks>
    public IAsyncEnumerable<PublishedRecord> ReadDeadLettersAsync(int partition, long fromPosition, CancellationToken cancellation) =>
        ReadAsync(options.DeadLettersTopic, partition, fromPosition, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        sparse.Dispose();
        dense.Dispose();
        topics.Dispose();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<PublishedRecord> ReadAsync(
        string topic, int partition, long fromPosition, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await SettledAsync(partition, cancellation).ConfigureAwait(false);
        OffsetRange range = await topics.OffsetsAsync(topic, partition, cancellation).ConfigureAwait(false);
        long from = Math.Max(fromPosition, range.Low);
        if (from >= range.End)
            yield break;
        using var reader = new PartitionReader(options, new TopicPartition(topic, partition), from, range.End, logger);
        while (true)
        {
            List<PublishedRecord> chunk = await ReadChunkAsync(topic, reader, cancellation).ConfigureAwait(false);
            if (chunk.Count == 0)
                yield break;
            foreach (PublishedRecord record in chunk)
                yield return record;
        }
    }

    private async Task<Publication> SendAsync(int partition, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellation)
    {
        await SettledAsync(partition, cancellation).ConfigureAwait(false);
        // Of either: publishing on by the other one would hide for how long that every large commit fails.
        if ((sparse.FatalError() ?? dense.FatalError()) is { } fatal)
            throw Refused(fatal);
        var publication = new Publication(entries);
        publications[partition] = publication;
        QueueingProducer producer = entries.Count < DenseEntriesMin ? sparse : dense;
        try
        {
            for (int index = 0; index < entries.Count; index++)
                await EnqueueAsync(producer, partition, entries[index], index, publication, cancellation).ConfigureAwait(false);
        }
        finally
        {
            publication.Close();
        }
        await publication.Settled.WaitAsync(cancellation).ConfigureAwait(false);
        return publication.Refusal is { } refusal ? throw Refused(refusal) : publication;
    }

    private async ValueTask EnqueueAsync(
        QueueingProducer producer, int partition, OutboxEntry entry, int index, Publication publication, CancellationToken cancellation)
    {
        publication.Queued();
        try
        {
            await producer.EnqueueAsync(
                Topic(entry), partition, entry.Key, entry.Value, entry.Headers, ((long)partition << 32) | (uint)index, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            publication.Refused(index, e.Error);
        }
        catch (OperationCanceledException)
        {
            publication.Refused(index, new Error(ErrorCode.Local_PurgeQueue));
            throw;
        }
    }

    private void Reported(long token, ErrorCode error, long offset)
    {
        Publication publication = publications[(int)(token >> 32)];
        if (error == ErrorCode.NoError)
            publication.Acknowledged((int)token, offset);
        else
            publication.Refused((int)token, new Error(error));
    }

    private async Task SendCutAsync(int partition, OutboxEntry entry, CancellationToken cancellation)
    {
        int whole = entry.Value?.Length ?? 0;
        for (int kept = whole; kept >= 0; kept = DeadLetterCut.NextLength(kept))
        {
            OutboxEntry cut = kept == whole ? entry : DeadLetterCut.Cut(entry, kept);
            if ((await SendAsync(partition, [cut], cancellation).ConfigureAwait(false)).TooLarge.Count > 0)
                continue;
            if (kept < whole)
                logger.DeadLetterTruncated(entry.Id, whole, options.DeadLettersTopic, kept);
            return;
        }
        throw new TransitionSinkException(
            $"Topic '{options.DeadLettersTopic}' refuses dead letter {entry.Id} even without its value. Raise max.message.bytes of the topic.");
    }

    private async Task SettledAsync(int partition, CancellationToken cancellation)
    {
        if (publications.TryGetValue(partition, out Publication? earlier))
            await earlier.Settled.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<List<PublishedRecord>> ReadChunkAsync(string topic, PartitionReader reader, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(() => reader.Next(cancellation), cancellation).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            throw new TransitionSinkException($"Topic '{topic}' cannot be read back: {e.Error.Reason} ({e.Error.Code}).", e) { IsTransient = true };
        }
    }

    private string Topic(OutboxEntry entry) => entry.Kind == OutboxKind.DeadLetter ? options.DeadLettersTopic : options.TransitionsTopic;

    private static TransitionSinkException Refused(Error error) => error switch
    {
        { Code: ErrorCode.MsgSizeTooLarge } => new($"A transition is too large for its topic: {error.Reason}. Raise max.message.bytes of the topic."),
        { Code: ErrorCode.TopicAuthorizationFailed } =>
            new($"Publishing is not allowed: {error.Reason}. Grant WRITE on the topic to this client's principal."),
        { IsFatal: true } or { Code: ErrorCode.Local_Fatal } =>
            new($"The Kafka producer gave up: {error.Reason} ({error.Code}). Restart the worker; it goes on where the output ends."),
        _ => new($"Publishing failed: {error.Reason} ({error.Code}).") { IsTransient = true },
    };
}
