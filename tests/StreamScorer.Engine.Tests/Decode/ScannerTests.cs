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
        Decoding.Json("purchase", """ "lines":[{"sku":"A1","tags":["new","sale"]},{"sku":"A2","price":3.5,"tags":[]},[[1,2],["x"],{}]],"amount":7"""),
        Decoding.Json("contact", """ "a name of more than thirty-two bytes":{"b":-0.5},"campaign":"a text of more than sixty-four bytes, so that several windows are looked at: ß" """),
        // Known fields in brackets are located, too.
        Decoding.Json("contact", """ "amount":{"b":[{}]},"reason":[[1],{"c":{}}],"cost":[] """),
        """{"data":{"customerId":"c1","amount":7,"x":{"y":[1]}},"specversion":"1.0","type":"purchase","id":"e7","time":"2026-01-01T00:00:00Z"}""",
    ];

    private static readonly string[] scraps =
        ["\"", "\\", "\\n", ",", ",\"x\":{},", "[1,", "]", "}},", ":", "{", "}", "[", "]", " ", "\t", "0", "7", "-", ".", "e3", "true", "fals", "null", "\u0001", "\u0000", "\u007f", "ü", "\"id\":\"e9\",", "T", "Z"];

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

    [Fact]
    public void What_other_records_looked_like_changes_nothing()
    {
        var random = new Random(20260102);
        // Fields come and go and change places, with more names than are kept.
        string[] fields =
        [
            "\"amount\":1.5", "\"cost\":null", "\"place\":\"Ulm\"", "\"lines\":[]", "\"lines\":[\"a\"]", "\"lines\":[{\"a\":1}]", "\"order\":{}", "\"order\":{\"n\":[1]}",
            .. Enumerable.Range(0, 40).Select(n => $"\"field{n}\":{n}"),
        ];
        var decoder = new EventDecoder(Decoding.Rules);
        for (int i = 0; i < 5_000; i++)
            AssertSame(decoder, Encoding.UTF8.GetBytes(Decoding.Json("default", string.Join(',', random.GetItems(fields, random.Next(1, 12))))));
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
