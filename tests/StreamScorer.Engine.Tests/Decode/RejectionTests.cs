using StreamScorer.Engine.Decode;
using static StreamScorer.Engine.Tests.Decode.Decoding;

namespace StreamScorer.Engine.Tests.Decode;

/// <summary>What is refused, with the field and what is allowed.</summary>
public sealed class RejectionTests
{
    private const string LongText = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("purchase", "", RejectionReason.MissingField, "amount: missing")]
    [InlineData("purchase", "\"amount\":null", RejectionReason.MissingField, "amount: missing")]
    [InlineData("purchase", "\"amount\":-1", RejectionReason.InvalidValue, "amount: must be a number from 0 to 100000000000")]
    [InlineData("purchase", "\"amount\":\"1\"", RejectionReason.InvalidValue, "amount: must be a number from 0 to 100000000000")]
    [InlineData("purchase", "\"amount\":1e12", RejectionReason.InvalidValue, "amount: must be a number from 0 to 100000000000")]
    [InlineData("purchase", "\"amount\":1844674407370956", RejectionReason.InvalidValue, "amount: must be a number from 0 to 100000000000")]
    [InlineData("purchase", "\"amount\":99999999999,\"currency\":\"EUR\"", RejectionReason.InvalidValue, "amount: must be a number from 0 to 100000000000, in base currency too")]
    [InlineData("purchase", "\"amount\":1,\"cost\":true", RejectionReason.InvalidValue, "cost: must be a number")]
    [InlineData("purchase", "\"amount\":1,\"category\":\"\"", RejectionReason.InvalidValue, "category: must be a string of 1 to 256")]
    [InlineData("purchase", "\"amount\":1,\"category\":\"a\\u0000\"", RejectionReason.InvalidValue, "category: must be a string")]
    [InlineData("purchase", "\"amount\":1,\"category\":\"\\ud800\"", RejectionReason.InvalidValue, "category: must be a string")]
    [InlineData("purchase", "\"amount\":1,\"place\":5", RejectionReason.InvalidValue, "place: must be a string")]
    [InlineData("purchase", "\"amount\":1,\"channel\":[]", RejectionReason.InvalidValue, "channel: must be a string")]
    [InlineData("purchase", "\"amount\":1,\"currency\":\"GBP\"", RejectionReason.UnknownCurrency, "currency: neither the base currency nor in the policy's rates")]
    [InlineData("refund", "\"amount\":0", RejectionReason.InvalidValue, "amount: must be at least 0.0001")]
    [InlineData("refund", "\"amount\":1,\"costReturned\":-2", RejectionReason.InvalidValue, "costReturned: must be a number")]
    [InlineData("refund", "\"amount\":1,\"refundOf\":7", RejectionReason.InvalidValue, "refundOf: must be the id of a purchase")]
    [InlineData("cost", "\"amount\":1,\"reason\":\"death\"", RejectionReason.InvalidValue, "reason: of a cost must be acquisition, service, marketing or other")]
    [InlineData("contact", "\"campaign\":1", RejectionReason.InvalidValue, "campaign: must be a string")]
    [InlineData("satisfaction", "", RejectionReason.MissingField, "rating: missing")]
    [InlineData("satisfaction", "\"rating\":0.9", RejectionReason.InvalidValue, "rating: must be a number from 1 to 5")]
    [InlineData("satisfaction", "\"rating\":5,\"factor\":\"smell\"", RejectionReason.InvalidValue,
        "factor: must be one of the policy's degrees.satisfactionFactors: product, service, price, delivery")]
    [InlineData("satisfaction", "\"rating\":5,\"phase\":\"never\"", RejectionReason.InvalidValue, "phase: must be before, during or after")]
    [InlineData("satisfaction", "\"rating\":5,\"gain\":-1", RejectionReason.InvalidValue, "gain: must be a number")]
    [InlineData("satisfaction", "\"rating\":5,\"cost\":-1", RejectionReason.InvalidValue, "cost: must be a number")]
    [InlineData("complaint", "\"severity\":2.5", RejectionReason.InvalidValue, "severity: must be 1, 2 or 3")]
    [InlineData("complaint", "\"severity\":4", RejectionReason.InvalidValue, "severity: must be 1, 2 or 3")]
    [InlineData("complaint", "\"resolved\":\"yes\"", RejectionReason.InvalidValue, "resolved: must be true or false")]
    [InlineData("referral", "\"referredCustomerId\":\"c1\"", RejectionReason.InvalidValue, "referredCustomerId: must be another customer than customerId")]
    [InlineData("referral", "\"referredCustomerId\":3", RejectionReason.InvalidValue, "referredCustomerId: must be a string")]
    [InlineData("information", "", RejectionReason.MissingField, "action: missing")]
    [InlineData("information", "\"action\":\"sold\"", RejectionReason.InvalidValue, "action: must be collected or used")]
    [InlineData("information", "\"action\":\"used\",\"points\":0", RejectionReason.InvalidValue, "points: must be a whole number from 1 to 1000000")]
    [InlineData("information", "\"action\":\"used\",\"benefit\":-1", RejectionReason.InvalidValue, "benefit: must be a number")]
    [InlineData("information", "\"action\":\"used\",\"cost\":-1", RejectionReason.InvalidValue, "cost: must be a number")]
    [InlineData("wallet", "", RejectionReason.MissingField, "amount: missing")]
    [InlineData("wallet", "\"amount\":0", RejectionReason.InvalidValue, "amount: must be at least 0.0001")]
    [InlineData("default", "\"amount\":-1", RejectionReason.InvalidValue, "amount: must be a number")]
    [InlineData("defection", "\"competitor\":1", RejectionReason.InvalidValue, "competitor: must be a string")]
    [InlineData("defection", "\"induced\":1", RejectionReason.InvalidValue, "induced: must be true or false")]
    [InlineData("ending", "", RejectionReason.MissingField, "reason: missing")]
    [InlineData("ending", "\"reason\":\"service\"", RejectionReason.InvalidValue, "reason: of an ending must be death, closure, retirement or moved")]
    [InlineData("ending", "\"reason\":\"moved\",\"date\":\"2026-02-29\"", RejectionReason.InvalidValue, "date: must be a date such as 2026-11-03")]
    [InlineData("sale", "", RejectionReason.UnknownType, "type: must be purchase, refund, cost, contact, response, satisfaction, complaint, referral, information, wallet")]
    [InlineData("contact", "\"schemaVersion\":2", RejectionReason.UnsupportedVersion, "schemaVersion: only 1 is read")]
    [InlineData("contact", "\"schemaVersion\":\"1\"", RejectionReason.UnsupportedVersion, "schemaVersion: only 1 is read")]
    public void A_field_that_is_missing_or_not_allowed_is_named(string type, string fields, RejectionReason reason, string message)
    {
        Rejection rejection = Reject(Json(type, fields));
        Assert.Equal(reason, rejection.Reason);
        Assert.StartsWith(message, rejection.Message);
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00")] // no offset
    [InlineData("2026-01-01 00:00:00Z")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-01-01T24:00:00Z")]
    [InlineData("2026-01-01T00:00:00.Z")]
    [InlineData("2026-01-01T00:00:00+24:00")]
    [InlineData("1899-12-31T00:00:00Z")]
    [InlineData("2200-01-01T00:00:00Z")]
    [InlineData("yesterday at noon, or so")]
    public void A_time_that_is_no_instant_is_refused(string time)
    {
        Rejection rejection = Reject(Json("contact").Replace("2026-01-01T00:00:00Z", time));
        Assert.Equal(RejectionReason.InvalidValue, rejection.Reason);
        Assert.StartsWith("time: must be an RFC 3339 date-time with an offset", rejection.Message);
    }

    [Theory]
    [InlineData("", RejectionReason.MalformedJson)]
    [InlineData("[]", RejectionReason.MalformedJson)]
    [InlineData("{not json", RejectionReason.MalformedJson)]
    [InlineData("""{"type":"clock"} {}""", RejectionReason.MalformedJson)]
    [InlineData("""{"time":"2026-01-01T00:00:00Z"}""", RejectionReason.MissingField)]
    [InlineData("""{"type":"contact"}""", RejectionReason.MissingField)]
    [InlineData("""{"type":"contact","time":"2026-01-01T00:00:00Z","id":"e1"}""", RejectionReason.MissingField)]
    [InlineData("""{"type":"contact","time":"2026-01-01T00:00:00Z","customerId":"c1"}""", RejectionReason.MissingField)]
    [InlineData("""{"type":"contact","time":"2026-01-01T00:00:00Z","customerId":"","id":"e1"}""", RejectionReason.InvalidValue)]
    [InlineData("""{"type":"contact","time":"2026-01-01T00:00:00Z","customerId":"c2","id":"e1"}""", RejectionReason.KeyMismatch)]
    public void A_record_that_is_no_event_is_refused(string json, RejectionReason reason) => Assert.Equal(reason, Reject(json).Reason);

    [Fact]
    public void A_record_without_key_or_with_an_id_too_long_is_refused()
    {
        Assert.Equal(RejectionReason.MissingKey, Reject(Json("contact"), key: null).Reason);
        string id = LongText + LongText + LongText + LongText;
        Assert.Equal(RejectionReason.None, Reject(Json("contact").Replace("\"e1\"", $"\"{id}\"")).Reason);
        Assert.Equal(RejectionReason.InvalidValue, Reject(Json("contact").Replace("\"e1\"", $"\"{id}x\"")).Reason);
    }

    [Fact]
    public void A_value_above_a_mebibyte_is_refused() =>
        Assert.Equal(RejectionReason.Oversized, Reject(Json("contact", $"\"note\":\"{new string('x', EventDecoder.ValueBytesMax)}\"")).Reason);
}
