using System.Runtime.InteropServices;
using StreamScorer.Kafka.Native;

namespace StreamScorer.TestBroker;

/// <summary>
/// librdkafka's mock cluster: brokers on 127.0.0.1 that speak the Kafka protocol to any client and keep everything in memory. Documented in
/// rdkafka_mock.h. Transactions, compaction, time lookups and de-duplication of idempotent producers are not implemented there.
/// </summary>
internal sealed partial class MockCluster : IDisposable
{
    private readonly nint client;
    private readonly nint cluster;

    static MockCluster() => NativeLibrdkafka.Register(typeof(MockCluster).Assembly);

    /// <param name="brokers">Number of brokers; their ids run from 1.</param>
    /// <exception cref="InvalidOperationException">The library could not start it.</exception>
    public MockCluster(int brokers)
    {
        BrokerCount = brokers;
        Span<byte> error = stackalloc byte[512];
        nint conf = ConfNew();
        // Warnings and worse: the client that carries the cluster has no brokers of its own and would say so.
        ConfSet(conf, "log_level", "4", error, (nuint)error.Length);
        client = New(type: 0, conf, error, (nuint)error.Length);
        if (client == 0)
            throw new InvalidOperationException("librdkafka did not start a client for the mock cluster.");
        cluster = ClusterNew(client, brokers);
        if (cluster == 0)
            throw new InvalidOperationException($"librdkafka did not start a mock cluster of {brokers} brokers.");
        ImmediateAnswers.Enable();
        Bootstrap = Marshal.PtrToStringUTF8(Bootstraps(cluster))!;
    }

    /// <summary>Comma-separated addresses.</summary>
    public string Bootstrap { get; }

    /// <summary>Number of brokers.</summary>
    public int BrokerCount { get; }

    /// <summary>Creates a topic; before any client asks for it, else it springs up with four partitions.</summary>
    public void CreateTopic(string topic, int partitions) => Check(TopicCreate(cluster, topic, partitions, Math.Min(BrokerCount, 3)));

    /// <summary>Cuts a broker's connections and refuses new ones.</summary>
    public void SetDown(int broker) => Check(BrokerSetDown(cluster, broker));

    /// <summary>Lets a broker accept connections again.</summary>
    public void SetUp(int broker) => Check(BrokerSetUp(cluster, broker));

    /// <summary>Delays a broker's answers.</summary>
    public void SetRoundTrip(int broker, int milliseconds) => Check(BrokerSetRtt(cluster, broker, milliseconds));

    /// <summary>Answers the next <paramref name="count"/> requests of an API with an error, whichever client sends them.</summary>
    public void PushErrors(short apiKey, int errorCode, int count)
    {
        int[] errors = new int[count];
        Array.Fill(errors, errorCode);
        PushRequestErrors(cluster, apiKey, (nuint)count, errors);
    }

    /// <summary>Moves a partition's leadership.</summary>
    public void SetLeader(string topic, int partition, int broker) => Check(PartitionSetLeader(cluster, topic, partition, broker));

    /// <summary>Moves the coordinator of a <c>group</c> or <c>transaction</c>.</summary>
    public void SetCoordinator(string kind, string key, int broker) => Check(CoordinatorSet(cluster, kind, key, broker));

    /// <summary>Ends the cluster, then its client: the other order aborts the process.</summary>
    public void Dispose()
    {
        ClusterDestroy(cluster);
        Destroy(client);
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new InvalidOperationException(Marshal.PtrToStringUTF8(ErrorText(error)));
    }

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint ConfNew();

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ConfSet(nint conf, string name, string value, Span<byte> error, nuint errorSize);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_new")]
    private static partial nint New(int type, nint conf, Span<byte> error, nuint errorSize);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_destroy")]
    private static partial void Destroy(nint client);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_err2str")]
    private static partial nint ErrorText(int error);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint ClusterNew(nint client, int brokers);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void ClusterDestroy(nint cluster);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint Bootstraps(nint cluster);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int TopicCreate(nint cluster, string topic, int partitions, int replicationFactor);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static partial int BrokerSetDown(nint cluster, int broker);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static partial int BrokerSetUp(nint cluster, int broker);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    private static partial int BrokerSetRtt(nint cluster, int broker, int milliseconds);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    private static partial void PushRequestErrors(nint cluster, short apiKey, nuint count, int[] errors);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_mock_partition_set_leader", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PartitionSetLeader(nint cluster, string topic, int partition, int broker);

    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_mock_coordinator_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CoordinatorSet(nint cluster, string kind, string key, int broker);
}
