using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Engine.Decode;

/// <summary>
/// Turns a record into a <see cref="CustomerEvent"/> or a <see cref="Rejection"/>. Accepts our event JSON and structured CloudEvents whose <c>data</c> is one.
/// Bad data is an outcome, never an exception. One instance per partition: it re-uses a buffer.
/// </summary>
public sealed class EventDecoder(ScoringRules rules)
{
    /// <summary>Longest customer or event id, UTF-8 bytes.</summary>
    public const int IdBytesMax = 256;

    /// <summary>Largest record value, bytes.</summary>
    public const int ValueBytesMax = 1 << 20;

    private readonly byte[] scratch = new byte[4 * (IdBytesMax + 1)];
    private readonly byte[] baseCurrency = Encoding.UTF8.GetBytes(rules.Policy.BaseCurrency);
    private int scratchUsed;

    /// <summary>Decodes one record. The event's spans live as long as the record and until the next call.</summary>
    public Rejection Decode(in SourceRecord record, out CustomerEvent e)
    {
        e = default;
        scratchUsed = 0;
        if (!record.HasValue)
            return Tombstone(in record, ref e);
        if (record.Value.Length > ValueBytesMax)
            return new Rejection(RejectionReason.Oversized, "value: larger than 1 MiB");
        var fields = default(Fields);
        try
        {
            var reader = new Utf8JsonReader(record.Value);
            Rejection read = reader.Read() && reader.TokenType == JsonTokenType.StartObject
                ? ReadObject(ref reader, ref fields, inner: false)
                : new Rejection(RejectionReason.MalformedJson, "value: not a JSON object");
            if (read.Rejected)
                return read;
            if (reader.Read())
                return new Rejection(RejectionReason.MalformedJson, "value: something follows the JSON object");
        }
        catch (JsonException)
        {
            return new Rejection(RejectionReason.MalformedJson, "value: not valid JSON");
        }
        return Check(in record, in fields, ref e);
    }

    private static Rejection Tombstone(in SourceRecord record, ref CustomerEvent e)
    {
        e.Type = EventType.Erase;
        e.CustomerId = record.Key;
        e.TimeMs = record.TimestampMs;
        return record.HasKey && record.Key.Length is > 0 and <= IdBytesMax
            ? default
            : new Rejection(RejectionReason.MissingKey, "key: a record without value erases the customer named by its key, and there is none");
    }

    private Rejection ReadObject(ref Utf8JsonReader reader, ref Fields fields, bool inner)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            EventFields field = EventFieldNames.Of(reader.ValueSpan);
            reader.Read();
            if (field == EventFields.None || reader.TokenType == JsonTokenType.Null || (!inner && (fields.FromData & field) != 0))
            {
                reader.Skip();
                continue;
            }
            Rejection read = field == EventFields.Data ? ReadData(ref reader, ref fields) : ReadField(field, ref reader, ref fields);
            if (read.Rejected)
                return read;
            fields.Seen |= field;
            fields.FromData |= inner ? field : EventFields.None;
        }
        return default;
    }

    private Rejection ReadData(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == 1)
            return ReadObject(ref reader, ref fields, inner: true);
        reader.Skip();
        return default;
    }

    private Rejection ReadField(EventFields field, ref Utf8JsonReader reader, ref Fields fields)
    {
        switch (field)
        {
            case EventFields.CustomerId:
                return TryReadId(ref reader, out fields.CustomerId) ? default : Invalid("customerId: must be a string of 1 to 256 UTF-8 bytes without control characters");
            case EventFields.Id:
                return TryReadId(ref reader, out fields.EventId) ? default : Invalid("id: must be a string of 1 to 256 UTF-8 bytes without control characters");
            case EventFields.Time:
                return TryReadTime(ref reader, out fields.TimeMs) ? default : Invalid("time: must be an RFC 3339 date-time with an offset, such as 2026-11-03T08:00:00Z");
            case EventFields.Type:
                return ReadType(ref reader, ref fields);
            case EventFields.Amount:
                return TryReadMoney(ref reader, out fields.Amount) ? default : Invalid("amount: must be a number from 0 to 100000000000");
            case EventFields.Cost:
                return TryReadMoney(ref reader, out fields.Cost) ? default : Invalid("cost: must be a number from 0 to 100000000000");
            case EventFields.CostReturned:
                return TryReadMoney(ref reader, out fields.CostReturned) ? default : Invalid("costReturned: must be a number from 0 to 100000000000");
            case EventFields.Category:
                return TryReadId(ref reader, out fields.Category) ? default : Invalid("category: must be a string of 1 to 256 UTF-8 bytes");
            case EventFields.Currency:
                return ReadCurrency(ref reader, ref fields);
            case EventFields.SchemaVersion:
                return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int version) && version == 1
                    ? default
                    : new Rejection(RejectionReason.UnsupportedVersion, "schemaVersion: only 1 is read");
            default:
                reader.Skip();
                return default;
        }
    }

    private Rejection Check(in SourceRecord record, in Fields fields, ref CustomerEvent e)
    {
        if ((fields.Seen & EventFields.Type) == 0)
            return Missing("type: missing");
        if ((fields.Seen & EventFields.Time) == 0)
            return Missing("time: missing");
        (e.Type, e.TimeMs, e.Amount) = (fields.Type, fields.TimeMs, fields.Amount);
        if (e.Type == EventType.Clock)
            return default;
        if ((fields.Seen & EventFields.CustomerId) == 0)
            return Missing("customerId: missing");
        e.CustomerId = Text(record.Value, fields.CustomerId);
        if (!record.HasKey)
            return new Rejection(RejectionReason.MissingKey, "key: missing; it must be the customerId");
        if (!record.Key.SequenceEqual(e.CustomerId))
            return new Rejection(RejectionReason.KeyMismatch, "key: differs from the UTF-8 customerId");
        if ((fields.Seen & EventFields.Id) == 0 && e.Type != EventType.Erase)
            return Missing("id: missing");
        e.EventId = Text(record.Value, fields.EventId);
        return CheckMoney(in record, in fields, ref e);
    }

    private Rejection CheckMoney(in SourceRecord record, in Fields fields, ref CustomerEvent e)
    {
        if ((e.Type is EventType.Purchase or EventType.Refund or EventType.Cost or EventType.Wallet) && (fields.Seen & EventFields.Amount) == 0)
            return Missing("amount: missing");
        if (e.Amount == 0 && (e.Type is EventType.Refund or EventType.Cost))
            return Invalid("amount: must be above 0");
        e.Cost = e.Type == EventType.Refund ? fields.CostReturned : fields.Cost;
        if (fields.Rate != 0 && !(Convert(ref e.Amount, fields.Rate) && Convert(ref e.Cost, fields.Rate)))
            return Invalid("amount: out of range in the base currency");
        if (fields.Category.Length > 0)
            e.CategoryHash = Math.Max(1, StableHash.Of(Text(record.Value, fields.Category)));
        e.EventIdHash = HashOf(e.CustomerId, e.EventId);
        return default;
    }

    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> value, TextPlace place) =>
        place.Unescaped ? scratch.AsSpan(place.Start, place.Length) : value.Slice(place.Start, place.Length);

    // Event ids need to be unique for a customer only, so the customer is the seed.
    private static ulong HashOf(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> eventId) => StableHash.Of(eventId, StableHash.Of(customerId));

    private static Rejection ReadType(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (reader.TokenType != JsonTokenType.String || EventFieldNames.TypeOf(reader.ValueSpan) is not { } type)
            return new Rejection(RejectionReason.UnknownType, "type: must be purchase, refund, cost, contact, response, satisfaction, complaint, referral, "
                + "information, wallet, default, defection, ending, erase or clock");
        fields.Type = type;
        return default;
    }

    private Rejection ReadCurrency(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(baseCurrency))
            return default;
        foreach ((string currency, decimal rate) in rules.Policy.Rates)
        {
            if (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals(currency))
                continue;
            fields.Rate = rate;
            return default;
        }
        return new Rejection(RejectionReason.UnknownCurrency, "currency: neither the base currency nor in the policy's rates");
    }

    private static bool Convert(ref long money, decimal rate)
    {
        decimal converted = Math.Round(money * rate, MidpointRounding.ToEven);
        if (Math.Abs(converted) > Money.AmountMax)
            return false;
        money = (long)converted;
        return true;
    }

    private static bool TryReadMoney(ref Utf8JsonReader reader, out long money)
    {
        money = 0;
        return reader.TokenType == JsonTokenType.Number && Money.TryParse(reader.ValueSpan, out money) && money >= 0;
    }

    // Without an offset the instant is a guess, and the framework would guess the machine's own zone.
    private static bool TryReadTime(ref Utf8JsonReader reader, out long unixMs)
    {
        unixMs = 0;
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length < 20)
            return false;
        byte sixthLast = reader.ValueSpan[^6];
        bool zoned = reader.ValueSpan[^1] is (byte)'Z' || sixthLast is (byte)'+' or (byte)'-';
        if (!zoned || !reader.TryGetDateTimeOffset(out DateTimeOffset time))
            return false;
        unixMs = time.ToUnixTimeMilliseconds();
        return true;
    }

    private bool TryReadId(ref Utf8JsonReader reader, out TextPlace place)
    {
        place = default;
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > 6 * IdBytesMax)
            return false;
        ReadOnlySpan<byte> text = reader.ValueSpan;
        place = new TextPlace((int)reader.TokenStartIndex + 1, text.Length, Unescaped: false);
        if (reader.ValueIsEscaped)
        {
            if (!TryUnescape(ref reader, out place))
                return false;
            text = scratch.AsSpan(place.Start, place.Length);
        }
        return text.Length is > 0 and <= IdBytesMax && !text.ContainsAnyInRange((byte)0, (byte)31) && Utf8.IsValid(text);
    }

    private bool TryUnescape(ref Utf8JsonReader reader, out TextPlace place)
    {
        Span<byte> unescaped = stackalloc byte[6 * IdBytesMax];
        place = default;
        try
        {
            int length = reader.CopyString(unescaped);
            if (length > IdBytesMax || scratchUsed + length > scratch.Length)
                return false;
            unescaped[..length].CopyTo(scratch.AsSpan(scratchUsed));
            place = new TextPlace(scratchUsed, length, Unescaped: true);
            scratchUsed += length;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static Rejection Invalid(string message) => new(RejectionReason.InvalidValue, message);

    private static Rejection Missing(string message) => new(RejectionReason.MissingField, message);

    private struct Fields
    {
        public EventFields Seen;
        public EventFields FromData;
        public EventType Type;
        public TextPlace CustomerId;
        public TextPlace EventId;
        public TextPlace Category;
        public long TimeMs;
        public long Amount;
        public long Cost;
        public long CostReturned;
        public decimal Rate;
    }
    /// <summary>Where a text lies: in the record's value, or unescaped in the scratch buffer.</summary>
    private readonly record struct TextPlace(int Start, int Length, bool Unescaped);
}
