using System.Text;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Events;
using static StreamScorer.Engine.Tests.Decode.Decoding;

namespace StreamScorer.Engine.Tests.Decode;

public sealed class EventDecoderTests
{
    private static readonly long NewYearMs = DateTimeOffset.Parse("2026-01-01T00:00:00Z").ToUnixTimeMilliseconds();

    [Fact]
    public void A_purchase_has_all_its_fields() =>
        Accept(Json("purchase", """ "amount":12.34,"cost":5,"category":"tea","place":"Berlin","channel":"web","currency":"USD" """), (in CustomerEvent e) =>
        {
            Assert.Equal((EventType.Purchase, NewYearMs, 123_400, 50_000), (e.Type, e.TimeMs, e.Amount, e.Cost));
            Assert.Equal(("c1", "e1", "Berlin", "web"), (Text(e.CustomerId), Text(e.EventId), Text(e.Place), Text(e.Channel)));
            Assert.Equal(StableHash.Of("tea"u8), e.CategoryHash);
            Assert.Equal(StableHash.Of("e1"u8, StableHash.Of("c1"u8)), e.EventIdHash);
        });

    [Fact]
    public void A_refund_names_the_purchase_that_it_takes_back()
    {
        ulong purchaseHash = 0;
        Accept(Json("purchase", "\"amount\":1"), (in CustomerEvent e) => purchaseHash = e.EventIdHash);
        Accept(Json("refund", """ "amount":1,"costReturned":0.5,"refundOf":"e1" """), (in CustomerEvent e) =>
            Assert.Equal((10_000, 5_000, purchaseHash), (e.Amount, e.Cost, e.RefundOfHash)));
    }

    [Theory]
    [InlineData("", CostReason.Other)]
    [InlineData(",\"reason\":\"acquisition\"", CostReason.Acquisition)]
    [InlineData(",\"reason\":\"service\"", CostReason.Service)]
    [InlineData(",\"reason\":\"marketing\"", CostReason.Marketing)]
    [InlineData(",\"reason\":\"other\"", CostReason.Other)]
    public void A_cost_has_its_reason(string reason, CostReason read) =>
        Accept(Json("cost", "\"amount\":3" + reason), (in CustomerEvent e) => Assert.Equal((30_000, read), (e.Amount, e.CostReason)));

    [Fact]
    public void A_rating_has_all_its_fields() =>
        Accept(Json("satisfaction", """ "rating":4.5,"factor":"price","phase":"after","gain":20,"cost":10 """), (in CustomerEvent e) =>
            Assert.Equal((4.5, 3, SalePhase.After, 200_000, 100_000), (e.Rating, e.Factor, e.Phase, e.Gain, e.Cost)));

    [Theory]
    [InlineData("", 1, false)]
    [InlineData("\"severity\":3,\"resolved\":true", 3, true)]
    public void A_complaint_has_its_severity(string fields, int severity, bool isResolved) =>
        Accept(Json("complaint", fields), (in CustomerEvent e) => Assert.Equal((severity, isResolved), (e.Severity, e.Resolved)));

    [Theory]
    [InlineData("", false)]
    [InlineData("\"referredCustomerId\":\"c2\"", true)]
    public void A_referral_may_name_whom_it_brought(string fields, bool isAttributed) =>
        Accept(Json("referral", fields), (in CustomerEvent e) => Assert.Equal(isAttributed, e.IsAttributed));

    [Theory]
    [InlineData("\"action\":\"collected\"", InformationAction.Collected, 1, 0, 0)]
    [InlineData("\"action\":\"used\",\"points\":7,\"cost\":1,\"benefit\":2", InformationAction.Used, 7, 10_000, 20_000)]
    public void Information_has_all_its_fields(string fields, InformationAction action, int points, long cost, long benefit) =>
        Accept(Json("information", fields), (in CustomerEvent e) => Assert.Equal((action, points, cost, benefit), (e.Information, e.Points, e.Cost, e.Benefit)));

    [Theory]
    [InlineData("wallet", "\"amount\":900", 9_000_000)]
    [InlineData("default", "", 0)]
    [InlineData("default", "\"amount\":5", 50_000)]
    [InlineData("contact", "\"campaign\":\"spring\"", 0)]
    [InlineData("response", "", 0)]
    public void Other_types_have_an_amount_or_none(string type, string fields, long amount) =>
        Accept(Json(type, fields), (in CustomerEvent e) => Assert.Equal(amount, e.Amount));

    [Theory]
    [InlineData("", false, false)]
    [InlineData("\"competitor\":\"Acme\",\"induced\":true", true, true)]
    public void A_defection_says_what_is_known(string fields, bool isCompetitorKnown, bool isInduced) =>
        Accept(Json("defection", fields), (in CustomerEvent e) => Assert.Equal((isCompetitorKnown, isInduced), (e.IsCompetitorKnown, e.IsInduced)));

    [Theory]
    [InlineData("\"reason\":\"death\"", EndingReason.Death, "2026-01-01T00:00:00Z")]
    [InlineData("\"reason\":\"moved\",\"date\":\"2026-07-01\"", EndingReason.Moved, "2026-06-30T22:00:00Z")] // the first instant of the day in Berlin
    [InlineData("\"reason\":\"closure\",\"date\":\"2026-07-01T12:00:00+02:00\"", EndingReason.Closure, "2026-07-01T10:00:00Z")]
    [InlineData("\"reason\":\"retirement\",\"date\":null", EndingReason.Retirement, "2026-01-01T00:00:00Z")]
    public void An_ending_has_its_reason_and_date(string fields, EndingReason reason, string end) =>
        Accept(Json("ending", fields), (in CustomerEvent e) =>
            Assert.Equal((reason, DateTimeOffset.Parse(end).ToUnixTimeMilliseconds()), (e.EndingReason, e.EndingMs)));

    [Fact]
    public void Amounts_in_another_currency_become_base_currency()
    {
        Accept(Json("purchase", """ "currency":"EUR","amount":10,"cost":4 """), (in CustomerEvent e) => Assert.Equal((125_000, 50_000), (e.Amount, e.Cost)));
        Accept(Json("satisfaction", """ "rating":1,"gain":2,"cost":4,"currency":"EUR" """), (in CustomerEvent e) => Assert.Equal((25_000, 50_000), (e.Gain, e.Cost)));
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00.123456Z", 123)]
    [InlineData("2026-01-01t01:00:00+01:00", 0)]
    [InlineData("2025-12-31T20:30:00-03:30", 0)]
    [InlineData("2025-12-31T23:59:60z", 0)] // a leap second is the instant behind it
    public void Times_have_an_offset(string time, int milliseconds) =>
        Accept(Json("contact").Replace("2026-01-01T00:00:00Z", time), (in CustomerEvent e) => Assert.Equal(NewYearMs + milliseconds, e.TimeMs));

    [Fact]
    public void Fields_of_other_types_and_unknown_ones_are_not_looked_at() =>
        Accept(Json("contact", """ "amount":"x","rating":9,"reason":{"a":[1]},"data":{"type":"purchase"},"note":[{}],"schemaVersion":1 """),
            (in CustomerEvent e) => Assert.Equal((EventType.Contact, 0), (e.Type, e.Amount)));

    [Fact]
    public void Escapes_are_read()
    {
        const string Json = """{"customerId":"c\u0031","id":"\"e\\","time":"2026-01-01T00:00:00Z","type":"p\u0075rchase","amount":1,"place":"M\u00fcnchen"}""";
        Accept(Json, (in CustomerEvent e) => Assert.Equal(("c1", "\"e\\", "München"), (Text(e.CustomerId), Text(e.EventId), Text(e.Place))));
    }

    [Fact]
    public void In_a_CloudEvents_record_the_data_outranks_the_envelope_which_fills_it_up()
    {
        const string Envelope = """{"specversion":"1.0","id":"outer","source":"/shop","type":"com.shop.purchase.v1","time":"2026-01-01T00:00:00Z","data":""";
        Accept(Envelope + """{"customerId":"c1","amount":3}}""", (in CustomerEvent e) =>
            Assert.Equal((EventType.Purchase, "outer", 30_000, NewYearMs), (e.Type, Text(e.EventId), e.Amount, e.TimeMs)));
        Accept(Envelope + """{"customerId":"c1","amount":3,"id":"inner","type":"wallet"},"datacontenttype":"application/json"}""", (in CustomerEvent e) =>
            Assert.Equal((EventType.Wallet, "inner", 30_000), (e.Type, Text(e.EventId), e.Amount)));
        Accept("""{"data":{"customerId":"c1","amount":3},"time":"2026-01-01T00:00:00Z","type":"purchase","id":"e1","specversion":"1.0"}""",
            (in CustomerEvent e) => Assert.Equal(30_000, e.Amount));
    }

    [Fact]
    public void A_record_without_value_erases_the_customer_of_its_key()
    {
        SourceRecord record = Record(null);
        Assert.Equal(default, new EventDecoder(Rules).Decode(in record, out CustomerEvent e));
        Assert.Equal((EventType.Erase, "c1", 77L), (e.Type, Text(e.CustomerId), e.TimeMs));
    }

    [Fact]
    public void A_clock_event_is_nobodys() =>
        Accept("""{"type":"clock","time":"2026-01-01T00:00:00Z"}""", (in CustomerEvent e) => Assert.Equal((EventType.Clock, NewYearMs), (e.Type, e.TimeMs)), key: null);

    [Theory]
    [InlineData("purchase", """ "amount":12.34,"cost":5,"category":"tea","place":"Berlin","channel":"web","currency":"EUR" """)]
    [InlineData("refund", """ "amount":1,"refundOf":"\u0065" """)]
    [InlineData("satisfaction", """ "rating":4,"factor":"price","phase":"after","gain":2 """)]
    [InlineData("ending", """ "reason":"moved","date":"2026-07-01" """)]
    [InlineData("information", """ "action":"used","points":7 """)]
    public void Decoding_allocates_nothing(string type, string fields)
    {
        byte[] value = Encoding.UTF8.GetBytes(Json(type, fields));
        var decoder = new EventDecoder(Rules);
        bool rejected = false;
        // The least of several rounds: the runtime's own bookkeeping on this thread counts too, but not every time.
        long least = long.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++)
                rejected |= Decode(decoder, value);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal((0, false), (least, rejected));
    }

    private static bool Decode(EventDecoder decoder, byte[] value)
    {
        var record = new SourceRecord { Offset = 0, TimestampMs = 0, HasKey = true, HasValue = true, Key = "c1"u8, Value = value, Headers = default };
        return decoder.Decode(in record, out _).Rejected;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
