using System.Text;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Events;

namespace StreamScorer.Engine.Tests.Decode;

/// <summary>
/// Plain JSON is located by a scanner, all other by the JSON reader: both must give the same. An escaped name at the front makes any record one for the reader.
/// </summary>
public sealed class ScannerTests
{
    private static readonly string[] texts =
    [
        Decoding.Json("purchase", """ "amount":12.50,"cost":3,"currency":"EUR","category":"tea","place":"Köln","order":{"lines":[1,{"a":null}],"gift":false}"""),
        Decoding.Json("refund", """ "amount" : 1 , "refundOf" : "e0" , "x" : [ ] , "y" : { } """),
        Decoding.Json("satisfaction", "\"rating\":4.5,\"factor\":\"price\",\"phase\":null,\n\t\"gain\":20"),
        """{"specversion":"1.0","type":"com.shop.purchase.v1","id":"e7","time":"2026-01-01T00:00:00.5+01:00","data":{"customerId":"c1","amount":7}}""",
        """{"type":"clock","time":"2026-02-28T23:59:60Z"} """,
    ];

    private static readonly string[] scraps =
        ["\"", "\\", "\\n", ",", ":", "{", "}", "[", "]", " ", "\t", "0", "7", "-", ".", "e3", "true", "fals", "null", "\u0001", "\u0000", "\u007f", "ü", "\"id\":\"e9\",", "T", "Z"];

    [Fact]
    public void What_the_scanner_makes_of_a_record_the_reader_makes_of_it_too()
    {
        var random = new Random(20260101);
        var decoder = new EventDecoder(Decoding.Rules);
        foreach (string text in texts)
            AssertSame(decoder, Encoding.UTF8.GetBytes(text));
        // Mostly of one kind in a row, as from one producer: the scanner expects the names of the record before.
        for (int i = 0; i < 20_000; i++)
            AssertSame(decoder, Damaged(Encoding.UTF8.GetBytes(texts[i / 4 % texts.Length]), random));
    }

    private static byte[] Damaged(byte[] json, Random random)
    {
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(1, json.Length), removed = Math.Min(random.Next(3), json.Length - at);
            // Bytes and not characters: a text need not be UTF-8.
            byte[] scrap = random.Next(8) == 0 ? [(byte)random.Next(128, 256)] : Encoding.UTF8.GetBytes(scraps[random.Next(scraps.Length)]);
            json = [.. json[..at], .. scrap, .. json[(at + removed)..]];
        }
        return json;
    }

    private static void AssertSame(EventDecoder decoder, byte[] json)
    {
        byte[] forReader = [.. "{\"\\u0020\":0,"u8, .. json[1..]];

        Assert.True(Decoded(decoder, json) == Decoded(new EventDecoder(Decoding.Rules), forReader), Encoding.UTF8.GetString(json));
    }

    private static string Decoded(EventDecoder decoder, byte[] json)
    {
        SourceRecord record = Decoding.Record(json);
        Rejection rejection = decoder.Decode(in record, out CustomerEvent e);
        return rejection.Rejected
            ? rejection.ToString()
            : $"{e.Type} {Convert.ToHexString(e.CustomerId)} {Convert.ToHexString(e.EventId)} {e.EventIdHash} {e.TimeMs} {e.Amount} {e.Cost} {e.CategoryHash} "
                + $"{Convert.ToHexString(e.Place)} {Convert.ToHexString(e.Channel)} {e.RefundOfHash} {e.Rating} {e.Factor} {e.Phase} {e.Gain}";
    }
}
