using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StreamScorer.Engine.Source;

namespace StreamScorer.Engine.Publish;

/// <summary>Shortens a dead letter that is too large to be published, and says so in headers, so that nobody takes the rest for the whole.</summary>
public static class DeadLetterCut
{
    /// <summary>Decimal length of the whole value in bytes.</summary>
    public const string OriginalLengthHeader = "original-length";

    /// <summary>SHA-256 of the whole value, 64 hex digits.</summary>
    public const string Sha256Header = "sha256";

    /// <summary><c>true</c>.</summary>
    public const string TruncatedHeader = "truncated";

    private const int FirstKept = 64 * 1024;

    /// <summary>The entry as it is, or what is left of it when its value has more than <paramref name="valueBytesMax"/> bytes.</summary>
    public static OutboxEntry Limit(OutboxEntry entry, int valueBytesMax) =>
        entry.Value?.Length > valueBytesMax ? Cut(entry, Math.Min(FirstKept, valueBytesMax)) : entry;

    /// <summary>The length to try after <paramref name="refused"/> bytes were refused, or -1 when even none of the value was accepted.</summary>
    public static int NextLength(int refused) => refused == 0 ? -1 : Math.Min(refused / 2, FirstKept);

    /// <summary>The entry with the first <paramref name="kept"/> bytes of its value. One that was cut before keeps what it says of the whole.</summary>
    public static OutboxEntry Cut(OutboxEntry entry, int kept)
    {
        byte[] value = entry.Value ?? [];
        if (RecordHeaders.Unpack(entry.Headers) is [.., (TruncatedHeader, _)])
            return entry with { Value = value[..kept] };
        var headers = new ArrayBufferWriter<byte>();
        headers.Write(entry.Headers);
        Append(OriginalLengthHeader, value.Length.ToString(CultureInfo.InvariantCulture));
        Append(Sha256Header, Convert.ToHexStringLower(SHA256.HashData(value)));
        Append(TruncatedHeader, "true");
        return entry with { Value = value[..kept], Headers = headers.WrittenSpan.ToArray() };

        void Append(string name, string text) =>
            RecordHeaders.Append(headers, Encoding.UTF8.GetBytes(name), hasValue: true, Encoding.UTF8.GetBytes(text));
    }
}
