using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace StreamScorer.LoadTest.Load;

/// <summary>
/// One purchase as JSON, 230 bytes, always of the same length, so that a feeder fills in numbers and allocates nothing. Not safe for concurrent use.
/// </summary>
internal sealed class EventText
{
    /// <summary>Bytes of a customer id: <c>c</c> and nine digits.</summary>
    public const int IdLength = 10;

    private const string Template =
        """{"schemaVersion":1,"customerId":"c000000000","id":"e000000000000","time":"2026-01-01T00:00:00.000Z","type":"purchase","amount":10.00,"cost":10.00,"currency":"USD","category":"category-00","order":{"number":"0000000000","lines":3,"staff":false}}""";

    private static readonly int idAt = At("c000000000"), eventAt = At("e000000000000"), timeAt = At("2026-01-01T"), amountAt = At("10.00"),
        costAt = At("10.00,\"curr"), categoryAt = At("category-00");

    private readonly byte[] bytes = Encoding.ASCII.GetBytes(Template);
    private long writtenSecond = long.MinValue;

    /// <summary>The record's value; changes with every <see cref="Set"/>.</summary>
    public byte[] Value => bytes;

    /// <summary>The record's key.</summary>
    public byte[] Key { get; } = new byte[IdLength];

    /// <summary>Fills in one event.</summary>
    public void Set(in LoadEvent e)
    {
        WriteId(e.Customer, Key);
        Key.CopyTo(bytes, idAt);
        Digits(e.Number, bytes.AsSpan(eventAt + 1, 12));
        WriteTime(e.TimeMs);
        WriteCents(e.AmountCents, bytes.AsSpan(amountAt, 5));
        WriteCents(e.CostCents, bytes.AsSpan(costAt, 5));
        Digits(e.Category, bytes.AsSpan(categoryAt + 9, 2));
    }

    /// <summary>Writes a customer's id.</summary>
    public static void WriteId(long customer, Span<byte> id)
    {
        id[0] = (byte)'c';
        Digits(customer, id[1..IdLength]);
    }

    /// <summary>The number of a customer, from its id.</summary>
    public static int NumberOf(ReadOnlySpan<byte> id) => Utf8Parser.TryParse(id[1..], out int number, out _) ? number : -1;

    private void WriteTime(long unixMs)
    {
        long second = Math.DivRem(unixMs, 1000, out long ms);
        if (second != writtenSecond)
        {
            string text = DateTimeOffset.FromUnixTimeSeconds(second).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
            Encoding.ASCII.GetBytes(text, bytes.AsSpan(timeAt));
            writtenSecond = second;
        }
        Digits(ms, bytes.AsSpan(timeAt + 20, 3));
    }

    private static void WriteCents(int cents, Span<byte> target)
    {
        Digits(cents / 100, target[..2]);
        Digits(cents % 100, target[3..5]);
    }

    private static void Digits(long value, Span<byte> target)
    {
        for (int i = target.Length - 1; i >= 0; i--)
        {
            target[i] = (byte)('0' + value % 10);
            value /= 10;
        }
    }

    private static int At(string part) => Template.IndexOf(part, StringComparison.Ordinal);
}

/// <summary>One purchase of the load.</summary>
/// <param name="Number">Its place in the load, from 0; its id.</param>
/// <param name="Customer">Number of its customer, from 0.</param>
/// <param name="TimeMs">Its time, unix milliseconds.</param>
/// <param name="AmountCents">10.00 to 99.99.</param>
/// <param name="CostCents">10.00 to 99.99.</param>
/// <param name="Category">0 to 15.</param>
internal readonly record struct LoadEvent(long Number, int Customer, long TimeMs, int AmountCents, int CostCents, int Category);
