using System.Diagnostics;
using Confluent.Kafka;
using StreamScorer.LoadTest.Subjects;

namespace StreamScorer.LoadTest.Load;

/// <summary>Sends the load to a topic. The number of an event in its partition is its offset, because nobody else writes there.</summary>
internal sealed class Feeder : IDisposable
{
    private const double DenseLingerMs = 2, DenseEventsPerSecond = 5_000;
    private const int PaceMs = 1;

    // Of a partition: three fifths of 5 MiB, at 260 bytes each.
    private const int RetainedEvents = 12_000;
    private readonly ManualResetEvent never = new(initialState: false);
    private readonly Workload workload;
    private readonly string topic;
    private readonly IProducer<byte[], byte[]> bulk, sparse, dense;
    private readonly EventText text = new();
    private readonly Message<byte[], byte[]> message;
    private readonly List<SendTicks>[] sends;
    private readonly List<long> timesMs = [];

    /// <param name="bootstrap">The broker.</param>
    /// <param name="topic">Topic of the load.</param>
    /// <param name="workload">What to send.</param>
    /// <param name="compression">Of the backlog: keeps it within what the test broker retains; not every peer reads zstd.</param>
    public Feeder(string bootstrap, string topic, Workload workload, CompressionType compression)
    {
        (this.workload, this.topic) = (workload, topic);
        sends = [.. Enumerable.Range(0, workload.Partitions).Select(_ => new List<SendTicks>())];
        message = new Message<byte[], byte[]> { Key = text.Key, Value = text.Value };
        // With one request under way at a time live events would queue behind each other from a thousand a second on, which would count as the worker's latency; a broker
        // that refuses nothing keeps the order of several. Few events wait for nobody, many for each other: a request for each would take half a core from who is measured.
        // Not compressed: the test broker finds a batch by going through all that it retains, which is so many bytes, and would be busy with nothing else.
        // The backlog in batches that are full however slowly they fill: small ones compress too badly to be retained.
        bulk = Producer(lingerMs: 1_000, requests: 1, compression);
        (sparse, dense) = (Producer(lingerMs: 0, requests: 16, CompressionType.None), Producer(DenseLingerMs, requests: 16, CompressionType.None));

        IProducer<byte[], byte[]> Producer(double lingerMs, int requests, CompressionType codec) => new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrap,
            Acks = Acks.Leader,
            LingerMs = lingerMs,
            SocketNagleDisable = true,
            CompressionType = codec,
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

    /// <summary>Time of the last of them, unix milliseconds.</summary>
    public long LastMs => timesMs[^1];

    /// <summary>The events sent so far, in order.</summary>
    public IEnumerable<LoadEvent> Events => timesMs.Select((timeMs, number) => workload.EventAt(number, timeMs));

    /// <summary>When the event at an offset was due, and when it was sent.</summary>
    public SendTicks SendOf(int partition, long offset) => sends[partition][(int)offset];

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
    /// <param name="subject">Who takes the events. When it has fallen behind by more than the test broker is sure to retain, the load ends early.</param>
    /// <param name="eventsPerSecond">Rate.</param>
    /// <param name="length">Length.</param>
    /// <returns>Whether it was sent to its end.</returns>
    public async Task<bool> SendAtRateAsync(Subject subject, double eventsPerSecond, TimeSpan length)
    {
        using var ended = new CancellationTokenSource();
        Task sending = Task.Factory.StartNew(() => SendAtRate(eventsPerSecond, length, ended.Token), TaskCreationOptions.LongRunning);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await Task.WhenAny(sending, look.WaitForNextTickAsync().AsTask()) != sending)
        {
            if (Sent - await subject.ProgressAsync() > (long)RetainedEvents * workload.Partitions)
                await ended.CancelAsync();
        }
        await sending;
        return !ended.IsCancellationRequested;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        bulk.Dispose();
        sparse.Dispose();
        dense.Dispose();
        never.Dispose();
    }

    private void SendAtRate(double eventsPerSecond, TimeSpan length, CancellationToken ended)
    {
        IProducer<byte[], byte[]> live = eventsPerSecond < DenseEventsPerSecond ? sparse : dense;
        long startTicks = Stopwatch.GetTimestamp(), startMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), first = Sent;
        long total = (long)(eventsPerSecond * length.TotalSeconds);
        double ticksPerEvent = Stopwatch.Frequency / eventsPerSecond;
        for (long i = 0; i < total && !ended.IsCancellationRequested; Pace())
        {
            long due = Math.Min(total, (long)((Stopwatch.GetTimestamp() - startTicks) / ticksPerEvent) + 1);
            for (; i < due; i++)
                Send(live, first + i, startMs + (long)(i * 1000 / eventsPerSecond), startTicks + (long)(i * ticksPerEvent));
        }
        live.Flush();
    }

    // Timers of the runtime go by a clock that on Linux moves every 4 ms; the wait for an event that never comes is as long as it says.
    private void Pace() => never.WaitOne(PaceMs);

    private void Send(IProducer<byte[], byte[]> producer, long number, long timeMs, long dueTicks)
    {
        LoadEvent e = workload.EventAt(number, timeMs);
        text.Set(in e);
        int partition = workload.PartitionOf(text.Key);
        // Before the event can be read by anybody.
        sends[partition].Add(new SendTicks(dueTicks, Stopwatch.GetTimestamp()));
        // The client copies the bytes before the call returns.
        producer.Produce(new TopicPartition(topic, partition), message);
        timesMs.Add(timeMs);
    }
}

/// <summary>Instants of one event in the feeder, <see cref="Stopwatch"/> ticks.</summary>
/// <param name="Due">When it was to be sent; its latency counts from here.</param>
/// <param name="Sent">When the client had it.</param>
internal readonly record struct SendTicks(long Due, long Sent);
