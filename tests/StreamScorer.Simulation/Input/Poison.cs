using System.Globalization;
using System.Text;
using StreamScorer.Engine.Decode;

namespace StreamScorer.Simulation.Input;

/// <summary>F15: records that cannot be used, each for a reason that its author knows.</summary>
internal static class Poison
{
    private static readonly string deep = new('[', 500);

    /// <summary>One of them.</summary>
    /// <param name="key">Key of a customer, for those whose fault is elsewhere.</param>
    public static InputRecord Next(Random random, int customer, byte[] key, long timeMs)
    {
        string id = Encoding.UTF8.GetString(key);
        string time = DateTimeOffset.FromUnixTimeMilliseconds(timeMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        string head = $$"""{"customerId":"{{id}}","id":"p{{random.Next()}}","time":"{{time}}",""";
        (byte[]? withKey, string json, RejectionReason reason) = random.Next(13) switch
        {
            0 => (key, "{not json", RejectionReason.MalformedJson),
            1 => (key, head + "\"type\":\"purchase\",\"amount\":1} {}", RejectionReason.MalformedJson),
            2 => (key, head + $"\"type\":\"purchase\",\"amount\":1,\"deep\":{deep}}}", RejectionReason.MalformedJson),
            3 => (key, head + "\"type\":\"purchase\",\"amount\":NaN}", RejectionReason.MalformedJson),
            4 => (key, head + "\"type\":\"purchase\",\"amount\":1e400}", RejectionReason.InvalidValue),
            5 => (key, head + "\"type\":\"purchase\",\"amount\":99999999999999999999999999}", RejectionReason.InvalidValue),
            6 => (key, head + "\"type\":\"purchase\"}", RejectionReason.MissingField),
            7 => (key, head + "\"type\":\"wish\"}", RejectionReason.UnknownType),
            8 => (key, head + "\"schemaVersion\":99,\"type\":\"purchase\",\"amount\":1}", RejectionReason.UnsupportedVersion),
            9 => (key, head + "\"type\":\"purchase\",\"amount\":1,\"currency\":\"ZZZ\"}", RejectionReason.UnknownCurrency),
            10 => ((byte[]?)null, head + "\"type\":\"purchase\",\"amount\":1}", RejectionReason.MissingKey),
            11 => ("somebody"u8.ToArray(), head + "\"type\":\"purchase\",\"amount\":1}", RejectionReason.KeyMismatch),
            _ => (key, head + "\"type\":\"purchase\",\"amount\":1,\"place\":\"~\"}", RejectionReason.InvalidValue),
        };
        byte[] value = Encoding.UTF8.GetBytes(json);
        // A byte that never occurs in UTF-8.
        value.AsSpan().Replace((byte)'~', (byte)255);
        return new InputRecord(RecordKind.Poison, customer, timeMs, withKey, value, reason);
    }
}
