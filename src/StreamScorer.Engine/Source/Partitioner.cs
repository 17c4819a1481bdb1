using System.Buffers.Binary;

namespace StreamScorer.Engine.Source;

/// <summary>Which partition a producer gives a key to; the two rules in use among Kafka clients.</summary>
public static class Partitioner
{
    /// <summary>The rule of the Java client and of Kafka Streams: MurmurHash2 (A. Appleby, 2008), sign bit cleared.</summary>
    /// <param name="partitionCount">Above 0.</param>
    public static int Murmur2(ReadOnlySpan<byte> key, int partitionCount) => (Murmur2Hash(key) & int.MaxValue) % partitionCount;

    /// <summary>The rule of librdkafka's default (<c>consistent_random</c>) for keys that are not empty.</summary>
    /// <param name="partitionCount">Above 0.</param>
    public static int Crc32(ReadOnlySpan<byte> key, int partitionCount) => (int)(Source.Crc32.Hash(key) % (uint)partitionCount);

    /// <summary>MurmurHash2, 32 bits, with the seed and the signed result of <c>org.apache.kafka.common.utils.Utils.murmur2</c>.</summary>
    public static int Murmur2Hash(ReadOnlySpan<byte> bytes)
    {
        const uint Seed = 0x9747b28c;
        const uint Multiplier = 0x5bd1e995;
        uint hash = Seed ^ (uint)bytes.Length;
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(bytes) * Multiplier;
            word = (word ^ (word >> 24)) * Multiplier;
            hash = (hash * Multiplier) ^ word;
        }
        if (bytes.Length > 0)
        {
            for (int i = 0; i < bytes.Length; i++)
                hash ^= (uint)bytes[i] << (8 * i);
            hash *= Multiplier;
        }
        hash = (hash ^ (hash >> 13)) * Multiplier;
        return (int)(hash ^ (hash >> 15));
    }
}
