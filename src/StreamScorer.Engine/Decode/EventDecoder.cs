using System.Text.Json;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Engine.Decode;

/// <summary>
/// Turns a record into a <see cref="CustomerEvent"/> or a <see cref="Rejection"/>. Accepts our event JSON and structured CloudEvents whose <c>data</c> is one.
/// Bad data is an outcome, never an exception. One instance per partition: it re-uses a buffer and knows the order
/// of the last record's fields.
/// </summary>
/// <param name="rules">The policy's rules.</param>
/// <param name="repeats">Where the events will be looked for; told of each as soon as it is identified, so that its place is fetched while the rest of it is read.</param>
public sealed class EventDecoder(ScoringRules rules, DuplicateRing? repeats = null)
{
    /// <summary>Longest customer or event id, or other text, UTF-8 bytes.</summary>
    public const int IdBytesMax = 256;

    /// <summary>Largest record value, bytes.</summary>
    public const int ValueBytesMax = 1 << 20;

    private readonly byte[] scratch = new byte[FieldPlaces.Count * IdBytesMax];
    private readonly PaddedJson padded = new();
    private readonly FieldPlaces places = new();
    private readonly JsonScanner scanner = new(), dataScanner = new();
    private readonly DetailDecoder details = new(rules);

    /// <summary>Decodes one record. The event's spans live as long as the record and until the next call.</summary>
    public Rejection Decode(in SourceRecord record, out CustomerEvent e)
    {
        e = default;
        if (!record.HasValue)
            return Tombstone(in record, ref e);
        ReadOnlySpan<byte> value = record.Value;
        if (value.Length > ValueBytesMax)
            return new Rejection(RejectionReason.Oversized, "value: larger than 1 MiB");
        Rejection read = Locate(value);
        if (read.Rejected)
            return read;
        var fields = new FieldReader(value, places, scratch);
        read = Identify(in record, in fields, ref e);
        if (read.Rejected || e.Type == EventType.Clock)
            return read;
        repeats?.Fetch(e.EventIdHash);
        return details.Decode(in fields, ref e);
    }

    /// <summary>Hash that identifies an event. Event ids need to be unique for a customer only, so the customer is the seed.</summary>
    internal static ulong HashOf(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> eventId)
    {
        ulong customer = StableHash.Of(customerId);
        return StableHash.Of(eventId, customer);
    }

    private static Rejection Tombstone(in SourceRecord record, scoped ref CustomerEvent e)
    {
        e.Type = EventType.Erase;
        e.CustomerId = record.Key;
        e.TimeMs = record.TimestampMs;
        return record.HasKey && record.Key.Length is > 0 and <= IdBytesMax
            ? default
            : new Rejection(RejectionReason.MissingKey, "key: a record without value erases the customer named by its key, and there is none");
    }

    private Rejection Locate(ReadOnlySpan<byte> value)
    {
        places.Clear();
        ReadOnlySpan<byte> json = padded.Of(value);
        try
        {
            int end = scanner.BehindObject(json, 0, places);
            bool isPlain = end != JsonValue.Declined && JsonValue.BehindSpace(json, end) == value.Length;
            Rejection located = isPlain ? default : LocateAny(value, 0);
            // In a CloudEvents record our event is the data, and what it leaves out is taken from the envelope.
            if (!located.Rejected && places.Has(EventField.SpecVersion) && places.KindOf(EventField.Data) == ValueKind.Object)
            {
                FieldPlace data = places[EventField.Data];
                if (dataScanner.BehindObject(json, data.Start, places) == JsonValue.Declined)
                    LocateAny(value.Slice(data.Start, data.Length), data.Start);
            }
            return located;
        }
        catch (JsonException)
        {
            return new Rejection(RejectionReason.MalformedJson, "value: not valid JSON");
        }
    }

    private Rejection LocateAny(ReadOnlySpan<byte> json, int offset)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return new Rejection(RejectionReason.MalformedJson, "value: not a JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            EventField field = EventFieldNames.Of(reader.ValueSpan);
            reader.Read();
            if (field != EventField.None && reader.TokenType != JsonTokenType.Null)
                places.Set(field, PlaceOf(ref reader, offset));
            else
                reader.Skip();
        }
        return reader.Read() ? new Rejection(RejectionReason.MalformedJson, "value: something follows the JSON object") : default;
    }

    private static FieldPlace PlaceOf(ref Utf8JsonReader reader, int offset)
    {
        int start = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.String)
            return new FieldPlace(offset + start + 1, reader.ValueSpan.Length, reader.ValueIsEscaped ? ValueKind.Escaped : ValueKind.Text);
        ValueKind kind = reader.TokenType switch
        {
            JsonTokenType.StartObject => ValueKind.Object,
            JsonTokenType.StartArray => ValueKind.Array,
            JsonTokenType.True => ValueKind.True,
            JsonTokenType.False => ValueKind.False,
            _ => ValueKind.Number,
        };
        reader.Skip();
        return new FieldPlace(offset + start, (int)reader.BytesConsumed - start, kind);
    }

    private static Rejection Identify(in SourceRecord record, scoped in FieldReader fields, scoped ref CustomerEvent e)
    {
        int version = 1;
        if (!fields.TryInteger(EventField.SchemaVersion, 1, 1, ref version))
            return new Rejection(RejectionReason.UnsupportedVersion, "schemaVersion: only 1 is read");
        if (!fields.Has(EventField.Type))
            return Missing("type: missing");
        if (!fields.TryText(EventField.Type, out ReadOnlySpan<byte> name) || EventTypeNames.Of(name) is not { } type)
            return new Rejection(RejectionReason.UnknownType, "type: must be purchase, refund, cost, contact, response, satisfaction, complaint, referral, "
                + "information, wallet, default, defection, ending, erase or clock");
        e.Type = type;
        if (!fields.Has(EventField.Time))
            return Missing("time: missing");
        if (!fields.TryTime(EventField.Time, out e.TimeMs))
            return Invalid("time: must be an RFC 3339 date-time with an offset, such as 2026-11-03T08:00:00Z, of the years 1900 to 2199");
        return type == EventType.Clock ? default : IdentifyCustomer(in record, in fields, ref e);
    }

    private static Rejection IdentifyCustomer(in SourceRecord record, scoped in FieldReader fields, scoped ref CustomerEvent e)
    {
        if (!fields.Has(EventField.CustomerId))
            return Missing("customerId: missing");
        if (!fields.TryText(EventField.CustomerId, out ReadOnlySpan<byte> customerId))
            return Invalid("customerId: must be a string of 1 to 256 UTF-8 bytes without control characters");
        if (!record.HasKey)
            return new Rejection(RejectionReason.MissingKey, "key: missing; it must be the customerId");
        if (!record.Key.SequenceEqual(customerId))
            return new Rejection(RejectionReason.KeyMismatch, "key: differs from the UTF-8 customerId");
        if (!fields.Has(EventField.Id) && e.Type != EventType.Erase)
            return Missing("id: missing");
        if (!fields.TryText(EventField.Id, out ReadOnlySpan<byte> id))
            return Invalid("id: must be a string of 1 to 256 UTF-8 bytes without control characters");
        e.CustomerId = customerId;
        e.EventId = id;
        e.EventIdHash = HashOf(customerId, id);
        return default;
    }

    private static Rejection Invalid(string message) => new(RejectionReason.InvalidValue, message);

    private static Rejection Missing(string message) => new(RejectionReason.MissingField, message);
}
