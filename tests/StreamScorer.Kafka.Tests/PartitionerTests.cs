using System.Text;
using Confluent.Kafka;
using StreamScorer.Engine.Source;
using Xunit;
using Partitioner = StreamScorer.Engine.Source.Partitioner;

namespace StreamScorer.Kafka.Tests;

public sealed class PartitionerTests(KafkaBroker broker) : IClassFixture<KafkaBroker>
{
    /// <summary>The vectors of Apache Kafka's own UtilsTest.testMurmur2.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Murmur2_hashes_as_the_java_client_does(string key, int hash) => Assert.Equal(hash, Partitioner.Murmur2Hash(Encoding.UTF8.GetBytes(key)));

    /// <summary>The check value of the CRC catalogue, and the empty input.</summary>
    [Theory]
    [InlineData("123456789", 0xCBF43926)]
    [InlineData("", 0)]
    public void Crc32_is_the_one_of_zlib(string text, uint crc) => Assert.Equal(crc, Crc32.Hash(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(Confluent.Kafka.Partitioner.Murmur2)]
    [InlineData(Confluent.Kafka.Partitioner.ConsistentRandom)]
    public async Task Keys_go_where_librdkafka_sends_them(Confluent.Kafka.Partitioner rule)
    {
        KafkaOptions options = broker.TakeTopics();
        using IProducer<string, Null> producer = new ProducerBuilder<string, Null>(
            new ProducerConfig { BootstrapServers = options.BootstrapServers, Partitioner = rule }).Build();
        string[] keys = [.. Enumerable.Range(0, 200).Select(n => $"customer-{n * 7919}")];

        DeliveryResult<string, Null>[] sent = await Task.WhenAll(
            keys.Select(key => producer.ProduceAsync(options.TransactionsTopic, new Message<string, Null> { Key = key })));

        Assert.Equal(keys.Select(key => Partition(Encoding.UTF8.GetBytes(key))), sent.Select(result => result.Partition.Value));

        int Partition(byte[] key) => rule == Confluent.Kafka.Partitioner.Murmur2
            ? Partitioner.Murmur2(key, broker.PartitionCount)
            : Partitioner.Crc32(key, broker.PartitionCount);
    }
}
