using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace StreamScorer.Kafka.Source;

/// <summary>The native client under a Confluent.Kafka consumer, which has no public way to it.</summary>
internal static class ConsumerHandle
{
    /// <summary>Pointer to the consumer's <c>rd_kafka_t</c>; valid until the consumer is closed.</summary>
    public static nint Of(IClient consumer)
    {
        PropertyInfo property = typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new MissingMemberException("This version of Confluent.Kafka keeps its native handle elsewhere: adapt ConsumerHandle.");
        return ((SafeHandle)property.GetValue(consumer.Handle)!).DangerousGetHandle();
    }
}
