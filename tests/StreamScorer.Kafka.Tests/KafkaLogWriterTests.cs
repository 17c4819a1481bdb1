using System.Text;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class KafkaLogWriterTests(KafkaBroker broker) : IClassFixture<KafkaBroker>
{
    [Fact]
    public async Task Keyed_records_go_where_the_java_client_sends_them_and_stay_in_order()
    {
        KafkaOptions options = broker.TakeTopics();
        await using KafkaLogWriter writer = Clients.Writer(options);
        Assert.Equal(broker.PartitionCount, await writer.OpenAsync(CancellationToken.None));

        for (int n = 0; n < 10_000; n++)
            await writer.AppendAsync(Encoding.UTF8.GetBytes($"c{n % 100}"), BitConverter.GetBytes(n), CancellationToken.None);
        await writer.FlushAsync(CancellationToken.None);

        for (int partition = 0; partition < broker.PartitionCount; partition++)
        {
            IReadOnlyList<PublishedRecord> records = await KafkaOutput.ReadAsync(options, options.TransactionsTopic, partition);
            Assert.Equal(Enumerable.Range(0, 10_000).Where(n => Partition(n) == partition), records.Select(r => BitConverter.ToInt32(r.Value!)));
            Assert.Equal(new OffsetRange(0, records.Count), await writer.GetOffsetsAsync(partition, CancellationToken.None));
        }

        int Partition(int n) => Partitioner.Murmur2(Encoding.UTF8.GetBytes($"c{n % 100}"), broker.PartitionCount);
    }

    [Fact]
    public async Task A_record_can_go_to_any_partition_with_headers_and_without_key_or_value()
    {
        KafkaOptions options = broker.TakeTopics();
        await using KafkaLogWriter writer = Clients.Writer(options);
        await writer.OpenAsync(CancellationToken.None);

        await writer.AppendAsync(1, null, null, [new("clock", "7"u8.ToArray())], CancellationToken.None);
        await writer.FlushAsync(CancellationToken.None);

        PublishedRecord record = Assert.Single(await KafkaOutput.ReadAsync(options, options.TransactionsTopic, 1));
        Assert.Null(record.Key);
        Assert.Null(record.Value);
        Assert.Equal("7"u8.ToArray(), Assert.Single(record.Headers).Value);
    }

    [Fact]
    public async Task A_refused_record_is_told_and_flushing_nothing_completes()
    {
        await using KafkaLogWriter writer = Clients.Writer(broker.TakeTopics());
        await writer.OpenAsync(CancellationToken.None);
        await writer.FlushAsync(CancellationToken.None);

        await Assert.ThrowsAsync<EventSourceException>(
            () => writer.AppendAsync(0, null, new byte[2_000_000], [], CancellationToken.None).AsTask());
        await broker.Process.CommandAsync("error 0 10");
        await writer.AppendAsync(0, null, new byte[1], [], CancellationToken.None);

        await Assert.ThrowsAsync<EventSourceException>(() => writer.FlushAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task A_writer_that_has_ended_says_so()
    {
        KafkaLogWriter writer = Clients.Writer(broker.TakeTopics());
        await writer.OpenAsync(CancellationToken.None);
        await writer.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.AppendAsync(0, null, [1], [], CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task A_missing_topic_is_named()
    {
        await using KafkaLogWriter writer = Clients.Writer(broker.TakeTopics() with { TransactionsTopic = "nowhere" });

        var failure = await Assert.ThrowsAsync<EventSourceException>(() => writer.OpenAsync(CancellationToken.None).AsTask());

        Assert.Contains("'nowhere' does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_queue_holds_the_caller_back_until_the_broker_takes_records()
    {
        KafkaOptions options = broker.TakeTopics();
        await using KafkaLogWriter writer = Clients.Writer(options);
        await writer.OpenAsync(CancellationToken.None);
        await broker.Process.CommandAsync("rtt 1 60000");
        int appended = 0;
        ValueTask held;
        do
        {
            held = writer.AppendAsync(0, null, BitConverter.GetBytes(appended++), [], CancellationToken.None);
            Assert.InRange(appended, 1, 500_000);
        }
        while (held.IsCompletedSuccessfully);

        await broker.Process.CommandAsync("rtt 1 0");
        await held;
        await writer.FlushAsync(CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, appended), (await KafkaOutput.ReadAsync(options, options.TransactionsTopic, 0)).Select(r => BitConverter.ToInt32(r.Value!)));
    }
}
