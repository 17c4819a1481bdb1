using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Standalone.Database;
using StreamScorer.Standalone.Log;
using StreamScorer.Standalone.State;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Repair;

/// <summary>What <c>repartition</c> was asked.</summary>
/// <param name="Partitions">Partitions of the new state.</param>
/// <param name="To">Redis prefix, or data directory, of the new state.</param>
/// <param name="ToTopic">Input of the new state; null for the same topic, which has the new number of partitions by now.</param>
/// <param name="Partitioner">How producers choose a partition.</param>
internal sealed record RepartitionRequest(int Partitions, string To, string? ToTopic, Func<ReadOnlyMemory<byte>, int, int> Partitioner);

/// <summary>Opens both sides of a change of the partition count, checks that the old one is drained, and runs it.</summary>
internal static class RepartitionRunner
{
    /// <summary>Runs it; what it does is printed to <paramref name="output"/>.</summary>
    public static async Task RunAsync(StreamScorerOptions options, RepartitionRequest request, TextWriter output, CancellationToken cancellation)
    {
        long customers = options.Store == StoreKind.Redis
            ? await DistributedAsync(options, request, output, cancellation)
            : await StandaloneAsync(options, request, output, cancellation);
        string topic = request.ToTopic is null ? "" : $" and topic {request.ToTopic}";
        output.WriteLine($"{customers} customers in {request.Partitions} partitions, compared with the old state. Now configure {request.To}{topic}.");
    }

    private static async Task<long> DistributedAsync(StreamScorerOptions options, RepartitionRequest request, TextWriter output, CancellationToken cancellation)
    {
        KafkaOptions kafka = ClientOptions.Kafka(options);
        RedisOptions redis = ClientOptions.Redis(options);
        await using var source = new KafkaEventSource(kafka, NullLogger<KafkaEventSource>.Instance);
        await using var next = new KafkaEventSource(
            kafka with { TransactionsTopic = request.ToTopic ?? kafka.TransactionsTopic }, NullLogger<KafkaEventSource>.Instance);
        await using var sink = new KafkaTransitionSink(kafka, NullLogger<KafkaTransitionSink>.Instance);
        await CheckCountAsync(next, request, cancellation);
        await sink.OpenAsync(await source.OpenAsync(cancellation), cancellation);
        await using RedisStateStore from = await RedisStateStore.OpenAsync(redis, source.Topic, cancellation);
        await using RedisStateStore to = await RedisStateStore.OpenAsync(redis with { Prefix = request.To }, next.Topic, cancellation);
        var old = new StateSide(from, await CountAsync(from, cancellation), source.Topic);
        await CheckDrainedAsync(old, source, sink, cancellation);
        var starts = new long[request.Partitions];
        for (int partition = 0; partition < starts.Length; partition++)
        {
            // Another topic holds only what comes after the change.
            bool isKnown = request.ToTopic is null && partition < old.PartitionCount;
            PartitionMeta? meta = isKnown ? await from.ReadMetaAsync(partition, cancellation) : null;
            starts[partition] = meta?.Offset ?? (await next.GetOffsetsAsync(partition, cancellation)).Low;
        }
        return await CopyAsync(old, new StateSide(to, request.Partitions, next.Topic), starts, request, output, cancellation);
    }

    private static async Task CheckCountAsync(KafkaEventSource next, RepartitionRequest request, CancellationToken cancellation)
    {
        int found = await next.OpenAsync(cancellation);
        if (found == request.Partitions)
            return;
        throw new OptionsException([$"--partitions {request.Partitions}: topic '{next.Topic}' has {found}; "
            + (request.ToTopic is null
                ? $"change all three topics first: kafka-topics.sh --alter --topic NAME --partitions {request.Partitions}; or name another topic: --to-topic NAME"
                : $"create it with {request.Partitions}, and the outputs of the workers that will read it")]);
    }

    private static async Task<long> StandaloneAsync(StreamScorerOptions options, RepartitionRequest request, TextWriter output, CancellationToken cancellation)
    {
        await using Deployment old = await Deployment.OpenAsync(options, NullLoggerFactory.Instance, cancellation);
        var from = new StateSide(old.Store, old.PartitionCount, old.Source.Topic);
        await CheckDrainedAsync(from, old.Source, old.Sink, cancellation);
        Directory.CreateDirectory(request.To);
        await using StandaloneDatabase database = StandaloneDatabase.Open(Path.Combine(request.To, Deployment.FileName), request.Partitions);
        // The new log is empty; the old one stays with the old file.
        return await CopyAsync(from, new StateSide(new StandaloneStore(database), request.Partitions, from.Topic), new long[request.Partitions], request, output, cancellation);
    }

    private static Task<long> CopyAsync(
        StateSide from, StateSide to, long[] starts, RepartitionRequest request, TextWriter output, CancellationToken cancellation) =>
        new Repartition(from, to, request.Partitioner, TimeProvider.System).RunAsync(
            starts, partition => output.WriteLine($"partition {partition} of {from.PartitionCount} copied"), cancellation);

    /// <summary>Partitions that have been begun; there is no gap between them.</summary>
    private static async Task<int> CountAsync(IStateStore store, CancellationToken cancellation)
    {
        int count = 0;
        while (await store.ReadMetaAsync(count, cancellation) is not null)
            count++;
        return count > 0 ? count : throw new StateStoreException("There is no state under Redis:Prefix; check it.");
    }

    /// <summary>Everything read is in the state, and everything decided is published: nothing of the old partitions is left to do.</summary>
    private static async Task CheckDrainedAsync(StateSide old, IEventSource source, ITransitionSink sink, CancellationToken cancellation)
    {
        for (int partition = 0; partition < old.PartitionCount; partition++)
        {
            if (await old.Store.ReadMetaAsync(partition, cancellation) is not { } meta)
                continue;
            long unread = (await source.GetOffsetsAsync(partition, cancellation)).End - Math.Max(meta.Offset, 0);
            if (unread != 0)
                throw new StateStoreException($"Partition {partition} has {unread} unread records: stop the producers, run workers until the lag is 0, and stop them.");
            await using IPartitionStore store = await old.Store.OpenPartitionAsync(partition, cancellation);
            var rest = new PartitionRest();
            if (!await store.LoadAsync(rest, cancellation))
                throw new StateStoreException($"Partition {partition} could not be read whole; try again.");
            var published = new HashSet<string?>();
            await foreach (PublishedRecord record in sink.ReadAsync(partition, Math.Max(meta.SinkPosition, 0), cancellation))
                published.Add(record.Headers.Where(header => header.Key == OutboxEntry.IdHeader).Select(header => Encoding.UTF8.GetString(header.Value!)).FirstOrDefault());
            int unpublished = rest.Outbox.Count(entry => entry.Seq > meta.PublishedSeq && entry.Kind != OutboxKind.DeadLetter && !published.Contains(entry.Id));
            if (unpublished > 0)
                throw new StateStoreException($"Partition {partition} has {unpublished} transitions that are not published: run a worker until they are.");
        }
    }
}
