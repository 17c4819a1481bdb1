using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using StreamScorer.LoadTest.Load;

namespace StreamScorer.LoadTest.Measures;

/// <summary>Reads the transitions as their consumer would, and takes the time from when the causing event was due to when the transition can be read.</summary>
internal sealed class TransitionReader : IDisposable
{
    private readonly IConsumer<Ignore, Ignore> consumer;
    private readonly Func<int, long, SendTicks> sendOf;
    private readonly Thread thread;
    private volatile bool stopping;
    private volatile StageLatencies latencies = new();
    private volatile Latencies silences = new();
    private long silencesFromMs;

    /// <param name="bootstrap">The broker.</param>
    /// <param name="partitions">Partitions of the output.</param>
    /// <param name="sendOf">When the event of a partition and offset was sent.</param>
    public TransitionReader(string bootstrap, int partitions, Func<int, long, SendTicks> sendOf)
    {
        this.sendOf = sendOf;
        consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = "load-test",
            EnableAutoCommit = false,
            FetchWaitMaxMs = 1,
            SocketNagleDisable = true,
            AutoOffsetReset = AutoOffsetReset.Latest,
        }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffset("tier-transitions", p, Offset.End)));
        thread = new Thread(Read) { IsBackground = true };
        thread.Start();
    }

    /// <summary>Latencies of what came since the last call.</summary>
    public StageLatencies Take() => Interlocked.Exchange(ref latencies, new StageLatencies());

    /// <summary>
    /// How long after their instants the silent transitions since the last call could be read. Those that were due before that call are left out: what they waited for
    /// was the state to be loaded, or records to be caught up with.
    /// </summary>
    public Latencies TakeSilences()
    {
        Volatile.Write(ref silencesFromMs, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return Interlocked.Exchange(ref silences, new Latencies());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping = true;
        thread.Join();
        consumer.Dispose();
    }

    private void Read()
    {
        while (!stopping)
        {
            if (consumer.Consume(100) is not { } result)
                continue;
            if (result.Message.Headers.TryGetLastBytes("source-offset", out byte[] text)
                && long.TryParse(Encoding.ASCII.GetString(text), CultureInfo.InvariantCulture, out long offset))
            {
                latencies.Add(sendOf(result.Partition.Value, offset), result.Message.Timestamp.UtcDateTime);
            }
            else if (SilenceOf(result.Message.Headers) is long silentAtMs && silentAtMs >= Volatile.Read(ref silencesFromMs))
            {
                silences.Add(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - silentAtMs);
            }
        }
    }

    // The trigger in a silent transition's id is its instant: scheme, customer, s and unix milliseconds, tiers.
    private static long? SilenceOf(Headers headers)
    {
        string[] parts = headers.TryGetLastBytes("id", out byte[] id) ? Encoding.UTF8.GetString(id).Split(':') : [];
        return parts.Length > 2 && parts[2].StartsWith('s') && long.TryParse(parts[2].AsSpan(1), CultureInfo.InvariantCulture, out long ms) ? ms : null;
    }
}
