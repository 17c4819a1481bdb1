using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using StreamScorer.Engine.Diagnosis;
using StreamScorer.Engine.Source;

namespace StreamScorer.Kafka;

/// <summary>What was seen of a Kafka cluster.</summary>
/// <param name="Findings">Everything, good and bad.</param>
/// <param name="Offsets">Readable offsets of the input by partition; empty when it cannot be read.</param>
/// <param name="Retention">How long the input keeps records; null when unknown or for ever.</param>
public sealed record KafkaSight(IReadOnlyList<Finding> Findings, IReadOnlyList<OffsetRange> Offsets, TimeSpan? Retention);

/// <summary>Looks at Kafka as a worker would use it, and says everything that is wrong instead of stopping at the first.</summary>
public static class KafkaInspection
{
    private static readonly TimeSpan describeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Asks for the three topics, their partition counts and offsets, and the input's retention.</summary>
    public static async Task<KafkaSight> RunAsync(KafkaOptions options, ILogger logger, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        string subject = $"Kafka at {options.BootstrapServers}";
        OffsetRange[] offsets = [];
        TimeSpan? retention = null;
        try
        {
            using var topics = new KafkaTopics(options, logger, (message, cause, transient) => new EventSourceException(message, cause) { IsTransient = transient });
            int partitions = await topics.PartitionCountAsync(options.TransactionsTopic, cancellation);
            findings.Add(Finding.Ok(subject, "it answers"));
            findings.Add(TopicChecks.Input(options, partitions));
            if (partitions == 0)
                return new KafkaSight(findings, offsets, retention);
            foreach (string topic in (string[])[options.TransitionsTopic, options.DeadLettersTopic])
                findings.Add(TopicChecks.Output(options, topic, await topics.PartitionCountAsync(topic, cancellation), partitions));
            offsets = await Task.WhenAll(Enumerable.Range(0, partitions).Select(p => topics.OffsetsAsync(options.TransactionsTopic, p, cancellation)));
            retention = await RetentionAsync(topics, options, findings);
        }
        catch (EventSourceException e)
        {
            findings.Add(Finding.Error(subject, e.Message, "Fix: start the broker, or correct Kafka:BootstrapServers and the credentials in Kafka:Client."));
        }
        catch (Exception e) when (e is ArgumentException or DllNotFoundException)
        {
            findings.Add(Finding.Error(subject, e.Message, "Fix: correct the key or install the library, as the message says."));
        }
        return new KafkaSight(findings, offsets, retention);
    }

    private static async Task<TimeSpan?> RetentionAsync(KafkaTopics topics, KafkaOptions options, List<Finding> findings)
    {
        string subject = $"Kafka topic {options.TransactionsTopic}";
        try
        {
            DescribeConfigsResult config = await topics.DescribeAsync(options.TransactionsTopic, describeTimeout);
            if (!config.Entries.TryGetValue("retention.ms", out ConfigEntryResult? entry)
                || !long.TryParse(entry.Value, CultureInfo.InvariantCulture, out long milliseconds)
                || milliseconds < 0)
            {
                findings.Add(Finding.Ok(subject, "it keeps records for ever"));
                return null;
            }
            var retention = TimeSpan.FromMilliseconds(milliseconds);
            findings.Add(Finding.Ok(subject, $"it keeps records for {retention.TotalHours.ToString("F0", CultureInfo.InvariantCulture)} h"));
            return retention;
        }
        catch (KafkaException e)
        {
            findings.Add(new Finding(
                Severity.Note, subject, $"Its retention could not be asked for ({e.Error.Reason}).", "Fix: allow DESCRIBE_CONFIGS on the topic to have it checked."));
            return null;
        }
    }
}
