using System.Diagnostics;
using Confluent.Kafka;

namespace StreamScorer.LoadTest.Load;

/// <summary>Sends the load to a topic. The number of an event in its partition is its offset, because nobody else writes there.</summary>
internal sealed class Feeder : IDisposable
{
    private readonly Workload workload;
    private readonly string topic;
    private readonly IProducer<byte[], byte[]> bulk, live;
    private readonly EventText text = new();
    private readonly Message<byte[], byte[]> message;
    private readonly List<long>[] scheduledTicks;
    private readonly List<long> timesMs = [];

    /// <param name="bootstrap">The broker.</param>
    /// <param name="topic">Topic of the load.</param>
    /// <param name="workload">What to send.</param>
    /// <param name="compression">Keeps a backlog within what the test broker retains; not every peer reads zstd.</param>
    public Feeder(string bootstrap, string topic, Workload workload, CompressionType compression)
    {
        (this.workload, this.topic) = (workload, topic);
        scheduledTicks = [.. Enumerable.Range(0, workload.Partitions).Select(_ => new List<long>())];
        message = new Message<byte[], byte[]> { Key = text.Key, Value = text.Value };
        // A live event waits for nobody; a backlog goes in batches as large as they come.
        // With one request under way at a time they would queue behind each other from a thousand a second on, which would count as the worker's latency; a broker that
        // refuses nothing keeps the order of several.
        (bulk, live) = (Producer(lingerMs: 5, requests: 1), Producer(lingerMs: 0, requests: 16));

        IProducer<byte[], byte[]> Producer(double lingerMs, int requests) => new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrap,
            Acks = Acks.Leader,
            LingerMs = lingerMs,
            SocketNagleDisable = true,
            CompressionType = compression,
            CompressionLevel = 1,
            BatchNumMessages = 10_000,
            BatchSize = 900_000,
            QueueBufferingMaxMessages = 2_000_000,
            QueueBufferingMaxKbytes = 1_000_000,
            EnableDeliveryReports = false,
            MaxInFlight = requests,
        }).Build();
    }

    /// <summary>Number of events sent so far.</summary>
    public long Sent => timesMs.Count;

    /// <summary>The events sent so far, in order.</summary>
    public IEnumerable<LoadEvent> Events => timesMs.Select((timeMs, number) => workload.EventAt(number, timeMs));

    /// <summary>When the event at an offset was due, <see cref="Stopwatch"/> ticks.</summary>
    public long ScheduledTicks(int partition, long offset) => scheduledTicks[partition][(int)offset];

    /// <summary>Sends a backlog as fast as it goes; completes when it is on the topic. Event times are spread evenly up to <paramref name="lastMs"/>.</summary>
    public void SendBacklog(long count, long firstMs, long lastMs)
    {
        long first = Sent;
        for (long i = 0; i < count; i++)
            Send(bulk, first + i, firstMs + (lastMs - firstMs) * i / count, Stopwatch.GetTimestamp());
        bulk.Flush();
    }

    /// <summary>
    /// Open loop: each event is due at its own instant whether or not earlier ones were slow, and its latency counts from there (no coordinated omission:
    /// Tene 2013).
    /// </summary>
    public async Task SendAtRateAsync(double eventsPerSecond, TimeSpan length)
    {
        long startTicks = Stopwatch.GetTimestamp(), startMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), first = Sent;
        long total = (long)(eventsPerSecond * length.TotalSeconds);
        double ticksPerEvent = Stopwatch.Frequency / eventsPerSecond;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (long i = 0; i < total;)
        {
            long due = Math.Min(total, (long)((Stopwatch.GetTimestamp() - startTicks) / ticksPerEvent) + 1);
            for (; i < due; i++)
                Send(live, first + i, startMs + (long)(i * 1000 / eventsPerSecond), startTicks + (long)(i * ticksPerEvent));
            await timer.WaitForNextTickAsync();
        }
        live.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        bulk.Dispose();
        live.Dispose();
    }

    private void Send(IProducer<byte[], byte[]> producer, long number, long timeMs, long dueTicks)
    {
        LoadEvent e = workload.EventAt(number, timeMs);
        text.Set(in e);
        int partition = workload.PartitionOf(text.Key);
        // The client copies the bytes before the call returns.
        producer.Produce(new TopicPartition(topic, partition), message);
        scheduledTicks[partition].Add(dueTicks);
        timesMs.Add(timeMs);
    }
}
