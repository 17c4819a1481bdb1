using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Publish;
using StreamScorer.Kafka;

namespace StreamScorer.EndToEnd;

/// <summary>Reads an output topic from outside, as a consumer of it would.</summary>
internal sealed class OutputTopic : IAsyncDisposable
{
    private readonly KafkaTransitionSink reader;
    private readonly int partitions;

    /// <param name="topic">The transitions topic, or the dead letters, or the input.</param>
    public OutputTopic(string bootstrap, int partitions, string topic = "tier-transitions")
    {
        this.partitions = partitions;
        reader = new KafkaTransitionSink(
            new KafkaOptions { BootstrapServers = bootstrap, TransactionsTopic = "unused-input", TransitionsTopic = topic, DeadLettersTopic = "unused-letters" },
            NullLogger<KafkaTransitionSink>.Instance);
    }

    /// <summary>Completes when at least <paramref name="count"/> records are there.</summary>
    public async Task HasAsync(long count, CancellationToken cancellation)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            long found = 0;
            for (int partition = 0; partition < partitions; partition++)
                found += await reader.EndPositionAsync(partition, cancellation);
            if (found >= count)
                return;
            await look.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>Everything on the topic, partition by partition.</summary>
    public async Task<List<PublishedRecord>> ReadAsync()
    {
        var records = new List<PublishedRecord>();
        for (int partition = 0; partition < partitions; partition++)
            await foreach (PublishedRecord record in reader.ReadAsync(partition, 0, CancellationToken.None))
                records.Add(record);
        return records;
    }

    /// <summary>Everything on the topic as parsed transitions.</summary>
    public async Task<List<Transition>> TransitionsAsync() => (await ReadAsync()).ConvertAll(Transition.Of);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => reader.DisposeAsync();

    /// <summary>A header's text, or null.</summary>
    public static string? Header(PublishedRecord record, string name) =>
        record.Headers.Where(header => header.Key == name).Select(header => Encoding.UTF8.GetString(header.Value!)).FirstOrDefault();
}

/// <summary>A transition as published.</summary>
internal sealed record Transition(string Id, string CustomerId, string Scheme, string From, string To, string Cause, DateTime Time)
{
    public static Transition Of(PublishedRecord record)
    {
        using JsonDocument json = JsonDocument.Parse(record.Value);
        JsonElement data = json.RootElement.GetProperty("data");
        return new Transition(
            json.RootElement.GetProperty("id").GetString()!,
            data.GetProperty("customerId").GetString()!,
            data.GetProperty("scheme").GetString()!,
            data.GetProperty("from").GetString()!,
            data.GetProperty("to").GetString()!,
            data.GetProperty("cause").GetString()!,
            data.GetProperty("effectiveTime").GetDateTime().ToUniversalTime());
    }
}
