using System.Runtime.InteropServices;

namespace StreamScorer.Kafka.Native;

/// <summary>
/// The part of librdkafka that Confluent.Kafka does not offer: queues of one partition, read in batches without an object per message.
/// Documented in rdkafka.h under the same names.
/// </summary>
internal static unsafe partial class Librdkafka
{
    /// <summary>Offset reported for a watermark that is not known yet (RD_KAFKA_OFFSET_INVALID).</summary>
    public const long OffsetInvalid = -1001;

    /// <summary>Queue of rebalances, errors and of the partitions that forward to it.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_queue_get_consumer")]
    public static partial nint QueueGetConsumer(nint client);

    /// <summary>Queue of one partition. Released by <see cref="QueueDestroy"/>.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_queue_get_partition", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint QueueGetPartition(nint client, string topic, int partition);

    /// <summary>Sends a queue's content to another one; 0 keeps it where it is.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_queue_forward")]
    public static partial void QueueForward(nint queue, nint target);

    /// <summary>Calls back from a thread of the library, with the queue locked, when the queue stops being empty; a null callback ends it.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_queue_cb_event_enable")]
    public static partial void QueueCallbackEventEnable(nint queue, delegate* unmanaged[Cdecl]<nint, nint, void> callback, nint state);

    /// <summary>Gives back a queue handle.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void QueueDestroy(nint queue);

    /// <summary>Takes up to <paramref name="size"/> messages; each is released by <see cref="MessageDestroy"/>.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_consume_batch_queue")]
    public static partial nint ConsumeBatchQueue(nint queue, int timeoutMs, Message** messages, nuint size);

    /// <summary>Releases a message.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_message_destroy")]
    public static partial void MessageDestroy(Message* message);

    /// <summary>Unix milliseconds, or -1.</summary>
    [SuppressGCTransition]
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_message_timestamp")]
    public static partial long MessageTimestamp(Message* message, out int timestampType);

    /// <summary>Non-zero when the message has no headers. They live as long as the message.</summary>
    [SuppressGCTransition]
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_message_headers")]
    public static partial int MessageHeaders(Message* message, out nint headers);

    /// <summary>Non-zero when there is no header at <paramref name="index"/>. A null value is a null pointer.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_header_get_all")]
    public static partial int HeaderGetAll(nint headers, nuint index, out byte* name, out byte* value, out nuint size);

    /// <summary>Watermarks as of the last fetch, without asking a broker. Non-zero when the partition is unknown.</summary>
    [LibraryImport(NativeLibrdkafka.Name, EntryPoint = "rd_kafka_get_watermark_offsets")]
    public static partial int GetWatermarkOffsets(nint client, nint topicUtf8, int partition, out long low, out long high);

    /// <summary>rd_kafka_message_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        /// <summary>0 for a record; else this is an event and <see cref="Payload"/> its text.</summary>
        public int Error;

        /// <summary>Topic handle.</summary>
        public nint Topic;

        /// <summary>Partition number.</summary>
        public int Partition;

        /// <summary>Value, or null.</summary>
        public byte* Payload;

        /// <summary>Bytes of the value.</summary>
        public nuint Length;

        /// <summary>Key, or null.</summary>
        public byte* Key;

        /// <summary>Bytes of the key.</summary>
        public nuint KeyLength;

        /// <summary>Offset.</summary>
        public long Offset;

        /// <summary>The library's own.</summary>
        public nint Private;
    }
}
