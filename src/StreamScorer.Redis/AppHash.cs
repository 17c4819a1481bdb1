using System.Globalization;
using System.Security.Cryptography;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;

namespace StreamScorer.Redis;

/// <summary>The shared record as fields of a Redis hash, readable by people; and the random parts of a new one.</summary>
internal static class AppHash
{
    /// <summary>Number of fields that <see cref="Write"/> writes.</summary>
    public const int Fields = 8;

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

    /// <summary>Writes field, value, field, value.</summary>
    public static void Write(RespWriter target, AppRecord app) => target
        .Add("revision"u8).Add(app.Revision)
        .Add("topic"u8).Add(app.Topic)
        .Add("partitionCount"u8).Add(app.PartitionCount)
        .Add("partitioner"u8).Add(app.Partitioner.ToString())
        .Add("incarnation"u8).Add(app.Incarnation)
        .Add("layout"u8).Add(app.Layout)
        .Add("erasureKey"u8).Add(app.ErasureKey.ToString("x32", CultureInfo.InvariantCulture))
        .Add("resumedAtMs"u8).Add(app.ResumedAtMs);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="StateStoreException">A field is missing or damaged.</exception>
    public static AppRecord Read(string[] fields, string key)
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
