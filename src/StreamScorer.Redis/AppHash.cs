using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;

namespace StreamScorer.Redis;

/// <summary>The shared record as fields of a Redis hash, readable by people; and the random parts of a new one.</summary>
internal static class AppHash
{
    /// <summary>A new record with a random identity and erasure key.</summary>
    public static AppRecord New(string topic, int partitionCount, int layout)
    {
        Span<ulong> random = stackalloc ulong[3];
        RandomNumberGenerator.Fill(System.Runtime.InteropServices.MemoryMarshal.AsBytes(random));
        return new AppRecord
        {
            Topic = topic,
            PartitionCount = partitionCount,
            Layout = layout,
            Incarnation = (long)(random[0] >> 1) | 1,
            ErasureKey = new UInt128(random[1], random[2]),
        };
    }

    /// <summary>Field, value, field, value.</summary>
    public static RedisValue[] Write(AppRecord app) =>
    [
        "revision", app.Revision,
        "topic", app.Topic,
        "partitionCount", app.PartitionCount,
        "partitioner", app.Partitioner.ToString(),
        "incarnation", app.Incarnation,
        "layout", app.Layout,
        "erasureKey", app.ErasureKey.ToString("x32", CultureInfo.InvariantCulture),
        "resumedAtMs", app.ResumedAtMs,
    ];

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="StateStoreException">A field is missing or damaged.</exception>
    public static AppRecord Read(string[] fields, RedisKey key)
    {
        var values = fields.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
        try
        {
            return new AppRecord
            {
                Revision = Number("revision"),
                Topic = values["topic"],
                PartitionCount = (int)Number("partitionCount"),
                Partitioner = Enum.Parse<PartitionerKind>(values["partitioner"]),
                Incarnation = Number("incarnation"),
                Layout = (int)Number("layout"),
                ErasureKey = UInt128.Parse(values["erasureKey"], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                ResumedAtMs = Number("resumedAtMs"),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or ArgumentException or OverflowException)
        {
            throw new StateStoreException($"Redis key {key} is damaged ({e.Message}); restore the key", e);
        }

        long Number(string field) => long.Parse(values[field], CultureInfo.InvariantCulture);
    }
}
