using System.Runtime.InteropServices;

namespace StreamScorer.Kafka.Native;

/// <summary>
/// The producing side: Confluent.Kafka makes several objects, and copies every name, for each header of each record.
/// </summary>
internal static unsafe partial class Librdkafka
{
    /// <summary>Kinds of events (RD_KAFKA_EVENT_*), as flags.</summary>
    public const int EventDelivery = 0x1, EventLog = 0x4, EventError = 0x8;

    /// <summary>Client that produces (RD_KAFKA_PRODUCER).</summary>
    public const int Producer = 0;

    /// <summary>The library copies key and value before the call returns (RD_KAFKA_MSG_F_COPY).</summary>
    public const int CopyPayload = 0x2;

    /// <summary>A new configuration; consumed by <see cref="New"/> when that succeeds.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint ConfNew();

    /// <summary>Releases a configuration that no client was made of.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_conf_destroy")]
    public static partial void ConfDestroy(nint configuration);

    /// <summary>Non-zero when the property is unknown or the value does not fit; the text says which.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ConfSet(nint configuration, string name, string value, byte* error, nuint errorSize);

    /// <summary>What comes as an event instead of a callback.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_conf_set_events")]
    public static partial void ConfSetEvents(nint configuration, int events);

    /// <summary>A new client, or 0 and the reason.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_new")]
    public static partial nint New(int type, nint configuration, byte* error, nuint errorSize);

    /// <summary>Ends a client and drops what it has not sent.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_destroy")]
    public static partial void Destroy(nint client);

    /// <summary>Name of a client, as in its log.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_name")]
    public static partial byte* ClientName(nint client);

    /// <summary>Sends the log to a queue; 0 = the main one.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_set_log_queue")]
    public static partial int SetLogQueue(nint client, nint queue);

    /// <summary>Queue of a producer's events.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_queue_get_main")]
    public static partial nint QueueGetMain(nint client);

    /// <summary>The next event, released by <see cref="EventDestroy"/>; 0 when none comes in time.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_queue_poll")]
    public static partial nint QueuePoll(nint queue, int timeoutMs);

    /// <summary>Kind of an event.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_event_type")]
    public static partial int EventType(nint happened);

    /// <summary>The next message that an event reports; null behind the last one. It lives as long as the event.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_event_message_next")]
    public static partial Message* EventMessageNext(nint happened);

    /// <summary>Code of an error event.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_event_error")]
    public static partial int EventErrorCode(nint happened);

    /// <summary>Text of an error event.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_event_error_string")]
    public static partial byte* EventErrorText(nint happened);

    /// <summary>Non-zero when it is no log event.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_event_log")]
    public static partial int EventLogLine(nint happened, out byte* facility, out byte* text, out int level);

    /// <summary>Releases an event and the messages it reports, which makes room in the producer's queue.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_event_destroy")]
    public static partial void EventDestroy(nint happened);

    /// <summary>A topic of a client; released by <see cref="TopicDestroy"/>, before the client.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint TopicNew(nint client, string topic, nint configuration);

    /// <summary>Gives back a topic.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_topic_destroy")]
    public static partial void TopicDestroy(nint topic);

    /// <summary>A list of headers; <see cref="Produce"/> takes it over when it succeeds.</summary>
    [SuppressGCTransition]
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_headers_new")]
    public static partial nint HeadersNew(nuint expected);

    /// <summary>Copies one more header into a list. A null value is a null pointer.</summary>
    [SuppressGCTransition]
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_header_add")]
    public static partial int HeaderAdd(nint headers, byte* name, nint nameSize, byte* value, nint valueSize);

    /// <summary>Releases a list that was not taken over.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_headers_destroy")]
    public static partial void HeadersDestroy(nint headers);

    /// <summary>Queues one message. 0, or an error that is released by <see cref="ErrorDestroy"/>.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_produceva")]
    public static partial nint Produce(nint client, Argument* arguments, nuint count);

    /// <summary>Code of an error.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_error_code")]
    public static partial int ErrorCode(nint error);

    /// <summary>Text of an error.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_error_string")]
    public static partial byte* ErrorText(nint error);

    /// <summary>Non-zero when the client cannot go on.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_error_is_fatal")]
    public static partial int ErrorIsFatal(nint error);

    /// <summary>Releases an error.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_error_destroy")]
    public static partial void ErrorDestroy(nint error);

    /// <summary>Code of what a client cannot go on from, with its text; 0 while it can.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_fatal_error")]
    public static partial int FatalError(nint client, byte* text, nuint textSize);

    /// <summary>Asks a broker for its topics. 0 or an error code.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_metadata")]
    public static partial int AskMetadata(nint client, int allTopics, nint onlyTopic, out Metadata* metadata, int timeoutMs);

    /// <summary>Releases what <see cref="AskMetadata"/> gave.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_metadata_destroy")]
    public static partial void MetadataDestroy(Metadata* metadata);

    /// <summary>What an <see cref="Argument"/> is (RD_KAFKA_VTYPE_*).</summary>
    public enum ArgumentKind
    {
        /// <summary>Topic, from <see cref="TopicNew"/>.</summary>
        Topic = 2,

        /// <summary>Partition number.</summary>
        Partition = 3,

        /// <summary>Value and its size.</summary>
        Value = 4,

        /// <summary>Key and its size.</summary>
        Key = 5,

        /// <summary>What the delivery report gives back.</summary>
        Token = 6,

        /// <summary><see cref="CopyPayload"/>.</summary>
        Flags = 7,

        /// <summary>Headers, from <see cref="HeadersNew"/>.</summary>
        Headers = 10,
    }

    /// <summary>rd_kafka_vu_t, a tagged union.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 72)]
    public struct Argument
    {
        /// <summary>Which of the kinds.</summary>
        [FieldOffset(0)]
        public ArgumentKind Kind;

        /// <summary>Pointer or number.</summary>
        [FieldOffset(8)]
        public nint Content;

        /// <summary>Bytes at the pointer.</summary>
        [FieldOffset(16)]
        public nuint Size;
    }

    /// <summary>The beginning of rd_kafka_metadata_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Metadata
    {
        /// <summary>Number of brokers.</summary>
        public int BrokerCount;

        /// <summary>Brokers.</summary>
        public nint Brokers;

        /// <summary>Number of topics.</summary>
        public int TopicCount;

        /// <summary>Topics.</summary>
        public TopicMetadata* Topics;
    }

    /// <summary>rd_kafka_metadata_topic_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TopicMetadata
    {
        /// <summary>Name, UTF-8, ended by 0.</summary>
        public byte* Name;

        /// <summary>Number of partitions.</summary>
        public int PartitionCount;

        /// <summary>Partitions.</summary>
        public nint Partitions;

        /// <summary>Error code, or 0.</summary>
        public int Error;
    }
}
